package dev.rr.config;

import dev.rr.api.config.Problems;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the sections of one decoding have in common: handed down from each section to those below
 * it, so that a nested record reports where the outer one does. Immutable but for what it points
 * to.
 *
 * @param file what to name for problems of what is absent
 * @param problems takes them
 * @param decoded learns what each section was decoded as; null where nobody asks later
 * @param declared whether the values came over RPC as texts: there, as upstream's PHP packages send
 *     them, maps and lists are JSON in a text, and a bare number is a duration in seconds
 */
record Reading(
    @Nullable Path file, Problems problems, @Nullable Decoded decoded, boolean declared) {
  /** The same with problems of its own: who binds a section is told about that one only. */
  Reading into(Problems others) {
    return new Reading(file, others, decoded, declared);
  }
}
