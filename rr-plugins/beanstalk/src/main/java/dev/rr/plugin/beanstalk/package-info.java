/**
 * The driver {@code beanstalk} of {@code jobs}. Each pipeline has two connections, one that puts
 * and one that reserves, with two virtual threads each; one that consumes has another, and one that
 * keeps what is reserved: all are called {@code rr-beanstalk-<pipeline>} and what they do.
 */
@NullMarked
package dev.rr.plugin.beanstalk;

import org.jspecify.annotations.NullMarked;
