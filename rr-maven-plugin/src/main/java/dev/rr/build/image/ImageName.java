package dev.rr.build.image;

import dev.rr.build.BuildException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an image is: as {@code docker pull} takes it.
 *
 * @param host of the registry, with its port if it has one
 * @param repository the path there
 * @param reference a tag, or {@code sha256:} and a hash
 */
public record ImageName(String host, String repository, String reference) {
  private static final Pattern NAME =
      Pattern.compile(
          "(?:(?<host>[\\w.-]+\\.[\\w.-]+(?::\\d+)?|[\\w-]+:\\d+|localhost)/)?"
              + "(?<path>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)"
              + "(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?");

  /** Reads one; without a host it is of Docker Hub, without a tag {@code latest}. */
  public static ImageName parse(String key, String text) throws BuildException {
    Matcher matcher = NAME.matcher(text);
    if (!matcher.matches()) {
      throw new BuildException(
          "%s: \"%s\" is no name of an image; such are php:8.4-cli and registry.example.com/a/b:1"
              .formatted(key, text));
    }
    String host = matcher.group("host");
    boolean hub = host == null || host.equals("docker.io");
    String path = matcher.group("path");
    String tag = matcher.group("tag");
    String digest = matcher.group("digest");
    return new ImageName(
        hub ? Logins.HUB : host,
        hub && path.indexOf('/') < 0 ? "library/" + path : path,
        digest != null ? digest : tag != null ? tag : "latest");
  }

  /** Plain HTTP on this machine alone, as Docker does. */
  String url() {
    String name = host.replaceFirst(":\\d+$", "");
    boolean local = name.equals("localhost") || name.equals("127.0.0.1");
    return (local ? "http://" : "https://") + host + "/v2/" + repository;
  }

  /** As one names it to log in. */
  String registry() {
    return host.equals(Logins.HUB) ? "docker.io" : host;
  }

  /** Whether it names one image for ever, which nothing can be pushed as. */
  public boolean isDigest() {
    return reference.startsWith("sha256:");
  }

  @Override
  public String toString() {
    return host + "/" + repository + (isDigest() ? "@" : ":") + reference;
  }
}
