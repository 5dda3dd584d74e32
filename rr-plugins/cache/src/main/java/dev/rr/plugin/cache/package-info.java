/**
 * HTTP middleware {@code cache}: a shared cache in memory, after RFC 9111, with the extensions of
 * RFC 5861 (stale-while-revalidate, stale-if-error) and the {@code Cache-Status} of RFC 9211. Many
 * requests for one URI that is not in the store wait up to two seconds for the first of them. Owns
 * no thread: everything happens on event loops; the store is safe for all of them. Whatever is kept
 * is weighed or of one size: answers with the request values they vary by, answers under way, keys.
 */
@NullMarked
package dev.rr.plugin.cache;

import org.jspecify.annotations.NullMarked;
