/**
 * HTTP middleware {@code headers}: sets headers on requests and answers, and speaks CORS. Owns no
 * thread.
 */
@NullMarked
package dev.rr.plugin.headers;

import org.jspecify.annotations.NullMarked;
