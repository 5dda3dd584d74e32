/**
 * What plugins that answer with files share: HTTP dates, media types, byte ranges and conditional
 * requests. Owns no thread; whoever calls decides on which one a file is looked at.
 */
@NullMarked
package dev.rr.web;

import org.jspecify.annotations.NullMarked;
