/**
 * Reads proto files and offers what is in them to {@code grpc}, whose clients ask by reflection.
 * Owns no thread.
 */
@NullMarked
package dev.rr.plugin.protoreg;

import org.jspecify.annotations.NullMarked;
