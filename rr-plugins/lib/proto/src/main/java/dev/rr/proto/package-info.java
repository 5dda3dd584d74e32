/**
 * The messages that PHP packages exchange with plugins, one class for each file under {@code
 * src/main/protobuf}: {@code KvProto.Request} is {@code kv.v1.Request}. Names and numbers of fields
 * are upstream's, and so part of what PHP relies on. Messages are immutable, their builders one
 * thread's.
 */
@NullMarked
package dev.rr.proto;

import org.jspecify.annotations.NullMarked;
