/**
 * The {@code logger} plugin: hands out channels configured under {@code logs}. A record is encoded
 * by the thread that logs it and copied into the output's buffer; each output owns one thread
 * ({@code rr-log-…}) that writes what has gathered, and each rotated file a second, short-lived one
 * that compresses and removes old files.
 */
@NullMarked
package dev.rr.plugin.logger;

import org.jspecify.annotations.NullMarked;
