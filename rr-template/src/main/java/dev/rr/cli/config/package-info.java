/** Commands about the configuration. Nothing is started by them. Main thread. */
@NullMarked
package dev.rr.cli.config;

import org.jspecify.annotations.NullMarked;
