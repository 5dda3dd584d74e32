package dev.rr.plugin.http.body;

import dev.rr.plugin.http.text.ByteWriter;
import dev.rr.plugin.http.text.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Where uploaded files go, and which are taken. Immutable; any thread.
 *
 * @param spool where the files are made
 * @param forbid extensions that are refused
 * @param allow the only ones that are taken; empty is all
 * @param uid who gets the files, with {@code gid}; neither when either is 0 or less
 */
public record Uploads(Spool spool, Set<String> forbid, Set<String> allow, int uid, int gid) {
  /** PHP's numbers for what went wrong with a file. */
  static final int OK = 0;

  static final int CANNOT_CREATE = 6;
  static final int CANNOT_WRITE = 7;
  static final int FORBIDDEN = 8;

  /** As the configuration has them: extensions in any case, and what is forbidden wins. */
  public static Uploads of(
      Spool spool, List<String> forbidden, List<String> allowed, int uid, int gid) {
    Set<String> forbid = lower(forbidden);
    Set<String> allow = lower(allowed);
    boolean anyAllowed = allow.isEmpty();
    allow.removeAll(forbid);
    if (!anyAllowed && allow.isEmpty()) {
      // Everything that was allowed is forbidden: nothing may come in.
      allow.add("/");
    }
    return new Uploads(spool, forbid, allow, uid, gid);
  }

  private static Set<String> lower(List<String> words) {
    Set<String> set = new HashSet<>();
    words.forEach(w -> set.add(w.strip().toLowerCase(Locale.ROOT)));
    return set;
  }

  /** Whether a file of this name is taken. */
  boolean takes(String name) {
    int dot = name.lastIndexOf('.');
    String extension = dot < 0 ? "" : name.substring(dot).toLowerCase(Locale.ROOT);
    return !forbid.contains(extension) && (allow.isEmpty() || allow.contains(extension));
  }

  /** Makes a file for an upload. May block. */
  Path create() throws IOException {
    Path file = spool.create("upload");
    if (uid > 0 && gid > 0) {
      try {
        Files.setAttribute(file, "unix:uid", uid);
        Files.setAttribute(file, "unix:gid", gid);
      } catch (IOException | UnsupportedOperationException e) {
        Spool.deleteQuietly(file);
        throw new IOException("the file could not be given to the workers' user", e);
      }
    }
    return file;
  }

  /**
   * A file as PHP is told of it. Names are byte strings.
   *
   * @param error one of PHP's numbers
   * @param file the path, empty when there is none
   */
  record Upload(String name, String mime, long size, int error, String file) {
    /** Files as JSON objects. */
    static final FormTree.Kind<Upload> KIND =
        new FormTree.Kind<>() {
          @Override
          public boolean isEmpty(Upload value) {
            return false;
          }

          @Override
          public long length(Upload value) {
            return FIXED
                + JsonText.length(value.name)
                + JsonText.length(value.mime)
                + Long.toString(value.size).length()
                + JsonText.length(value.file);
          }

          @Override
          public void write(ByteWriter out, Upload value) {
            JsonText.write(out.text("{\"name\":"), value.name);
            JsonText.write(out.text(",\"mime\":"), value.mime);
            out.text(",\"size\":").number(value.size);
            out.text(",\"error\":").number(value.error);
            JsonText.write(out.text(",\"tmpName\":"), value.file);
            out.put('}');
          }
        };

    private static final int FIXED = "{'name':,'mime':,'size':,'error':0,'tmpName':}".length();
  }
}
