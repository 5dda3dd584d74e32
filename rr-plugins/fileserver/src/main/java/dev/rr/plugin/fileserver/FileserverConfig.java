package dev.rr.plugin.fileserver;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.net.AddressForms;
import java.util.List;

/** The {@code fileserver} section; upstream's keys. */
@ConfigSection("fileserver")
record FileserverConfig(
    @Key(required = true, doc = "Where to listen, such as 127.0.0.1:8081.") String address,
    @Key(doc = "Send an ETag.") boolean calculateEtag,
    @Key(doc = "Mark the ETag as weak.") boolean weak,
    @Key(doc = "Accepted for old files, without effect: request bodies are never read.")
        boolean streamRequestBody,
    @Key(required = true, doc = "The directories, tried in this order.") List<Directory> serve)
    implements Checked {

  @Override
  public void check(Section at) {
    AddressForms.PORT.problem(address).ifPresent(problem -> at.problem("address", problem));
    if (serve.isEmpty()) {
      at.problem("serve", "no configuration to serve: list at least one prefix and root");
    }
  }

  /** One directory. */
  @ConfigSection
  record Directory(
      @Key(required = true, doc = "The path it appears under.") String prefix,
      @Key(fallback = ".", doc = "The directory.") String root,
      @Key(doc = "Compress for clients that take gzip.") boolean compress,
      @Key(doc = "Answer requests for parts of a file.") boolean bytesRange,
      @Key(doc = "Accepted for old files, without effect: files are looked at anew each time.")
          int cacheDuration,
      @Key(min = 0, doc = "Seconds that clients may keep a file; 0 sends no Cache-Control.")
          int maxAge)
      implements Checked {
    Directory {
      root = root.isEmpty() ? "." : root;
    }

    @Override
    public void check(Section at) {
      if (!prefix.startsWith("/")) {
        at.problem("prefix", "must begin with a forward slash, not `" + prefix + "`");
      }
    }
  }
}
