/**
 * Reads the source of proto files into the descriptors of {@code protobuf-java}, without protoc.
 * Owns no thread.
 */
@NullMarked
package dev.rr.protofile;

import org.jspecify.annotations.NullMarked;
