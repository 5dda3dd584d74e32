package dev.rr.plugin.sendfile;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;

/** The {@code http.sendfile} section; upstream has none. */
@ConfigSection("http.sendfile")
record SendfileConfig(
    @Key(
            doc =
                "Only files below this directory are sent; empty is any file that the server can"
                    + " read.")
        String root) {}
