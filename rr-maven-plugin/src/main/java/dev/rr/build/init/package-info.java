/** What a new project is made of: presets, and selections read from files of RoadRunner's users. */
@NullMarked
package dev.rr.build.init;

import org.jspecify.annotations.NullMarked;
