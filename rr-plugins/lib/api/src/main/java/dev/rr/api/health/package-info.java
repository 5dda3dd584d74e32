/** What a plugin tells about itself to those who watch the server. */
@NullMarked
package dev.rr.api.health;

import org.jspecify.annotations.NullMarked;
