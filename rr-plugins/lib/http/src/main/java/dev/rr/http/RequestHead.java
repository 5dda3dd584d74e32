package dev.rr.http;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;

/**
 * What every transport knows of a request before its body. Texts are byte strings. Immutable but
 * for the headers, which belong to the exchange once it is made.
 *
 * @param method any token
 * @param target as {@link HttpRequest#target} has it
 * @param protocol as {@link HttpRequest#protocol} has it
 * @param scheme {@code http} or {@code https}
 * @param host the {@code Host} header or the authority; empty when there is none
 * @param headers in canonical spelling
 */
public record RequestHead(
    String method,
    String target,
    String protocol,
    String scheme,
    String host,
    HttpHeaders headers) {}
