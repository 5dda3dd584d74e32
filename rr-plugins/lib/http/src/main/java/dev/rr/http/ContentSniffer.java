package dev.rr.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Guesses a media type from the first bytes of a content (WHATWG MIME Sniffing, the tables that
 * Go's server uses). Any thread.
 */
public final class ContentSniffer {
  /** Bytes worth looking at. */
  public static final int LENGTH = 512;

  private static final String TEXT = "text/plain; charset=utf-8";

  /** A signature at the very start; a byte of the mask that is zero does not count. */
  private record Exact(byte[] signature, byte[] mask, String type) {
    static Exact of(String signature, String type) {
      byte[] bytes = signature.getBytes(StandardCharsets.ISO_8859_1);
      byte[] mask = new byte[bytes.length];
      Arrays.fill(mask, (byte) 0xff);
      return new Exact(bytes, mask, type);
    }

    static Exact gap(String signature, int from, int to, String type) {
      Exact whole = of(signature, type);
      Arrays.fill(whole.mask, from, to, (byte) 0);
      return whole;
    }

    boolean fits(ByteBuffer data) {
      if (data.remaining() < signature.length) {
        return false;
      }
      for (int i = 0; i < signature.length; i++) {
        if ((data.get(data.position() + i) & mask[i]) != (signature[i] & mask[i])) {
          return false;
        }
      }
      return true;
    }
  }

  private static final List<String> HTML =
      List.of(
          "<!DOCTYPE HTML",
          "<HTML",
          "<HEAD",
          "<SCRIPT",
          "<IFRAME",
          "<H1",
          "<DIV",
          "<FONT",
          "<TABLE",
          "<A",
          "<STYLE",
          "<TITLE",
          "<B",
          "<BODY",
          "<BR",
          "<P",
          "<!--");

  private static final List<Exact> EXACT =
      List.of(
          Exact.of("%PDF-", "application/pdf"),
          Exact.of("%!PS-Adobe-", "application/postscript"),
          Exact.of("\u00fe\u00ff", "text/plain; charset=utf-16be"),
          Exact.of("\u00ff\u00fe", "text/plain; charset=utf-16le"),
          Exact.of("\u00ef\u00bb\u00bf", TEXT),
          Exact.of("\0\0\1\0", "image/x-icon"),
          Exact.of("\0\0\2\0", "image/x-icon"),
          Exact.of("BM", "image/bmp"),
          Exact.of("GIF87a", "image/gif"),
          Exact.of("GIF89a", "image/gif"),
          Exact.gap("RIFF\0\0\0\0WEBPVP", 4, 8, "image/webp"),
          Exact.of("\u0089PNG\r\n\u001a\n", "image/png"),
          Exact.of("\u00ff\u00d8\u00ff", "image/jpeg"),
          Exact.gap("FORM\0\0\0\0AIFF", 4, 8, "audio/aiff"),
          Exact.of("ID3", "audio/mpeg"),
          Exact.of("OggS\0", "application/ogg"),
          Exact.of("MThd\0\0\0\6", "audio/midi"),
          Exact.gap("RIFF\0\0\0\0AVI ", 4, 8, "video/avi"),
          Exact.gap("RIFF\0\0\0\0WAVE", 4, 8, "audio/wave"),
          Exact.of("\u001a\u0045\u00df\u00a3", "video/webm"),
          Exact.of("\0\1\0\0", "font/ttf"),
          Exact.of("OTTO", "font/otf"),
          Exact.of("ttcf", "font/collection"),
          Exact.of("wOFF", "font/woff"),
          Exact.of("wOF2", "font/woff2"),
          Exact.of("\u001f\u008b\u0008", "application/x-gzip"),
          Exact.of("PK\3\4", "application/zip"),
          Exact.of("Rar!\u001a\7\0", "application/x-rar-compressed"),
          Exact.of("Rar!\u001a\7\1\0", "application/x-rar-compressed"),
          Exact.of("\0asm", "application/wasm"));

  private ContentSniffer() {}

  /**
   * Guesses.
   *
   * @param content its first bytes; not moved
   * @return a media type, {@code application/octet-stream} when nothing fits
   */
  public static String sniff(ByteBuffer content) {
    ByteBuffer data = content.slice(content.position(), Math.min(content.remaining(), LENGTH));
    int first = firstNonSpace(data);
    if (HTML.stream().anyMatch(tag -> startsTag(data, first, tag))) {
      return "text/html; charset=utf-8";
    }
    if (startsIgnoringCase(data, first, "<?xml")) {
      return "text/xml; charset=utf-8";
    }
    for (Exact exact : EXACT) {
      if (exact.fits(data)) {
        return exact.type();
      }
    }
    if (isMp4(data)) {
      return "video/mp4";
    }
    for (int i = first; i < data.limit(); i++) {
      int b = data.get(i) & 0xff;
      if (b <= 0x08 || b == 0x0b || b >= 0x0e && b <= 0x1a || b >= 0x1c && b <= 0x1f) {
        return "application/octet-stream";
      }
    }
    return TEXT;
  }

  private static int firstNonSpace(ByteBuffer data) {
    int at = 0;
    while (at < data.limit() && "\t\n\f\r ".indexOf(data.get(at)) >= 0) {
      at++;
    }
    return at;
  }

  private static boolean startsTag(ByteBuffer data, int at, String tag) {
    if (!startsIgnoringCase(data, at, tag) || at + tag.length() >= data.limit()) {
      return false;
    }
    byte end = data.get(at + tag.length());
    return end == ' ' || end == '>';
  }

  private static boolean startsIgnoringCase(ByteBuffer data, int at, String text) {
    if (data.limit() - at < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.toUpperCase((char) data.get(at + i)) != Character.toUpperCase(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isMp4(ByteBuffer data) {
    if (data.limit() < 12) {
      return false;
    }
    int box = data.getInt(0);
    if (data.limit() < box || box % 4 != 0 || data.getInt(4) != 0x66747970) {
      return false;
    }
    for (int at = 8; at < box; at += 4) {
      // Bytes 12 to 15 are a version, not a brand.
      if (at != 12 && data.getInt(at) >>> 8 == 0x6d7034) {
        return true;
      }
    }
    return false;
  }
}
