package dev.rr.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Media types by file extension. Text types are said to be UTF-8, as upstream does. Any thread. */
public final class MediaTypes {
  private static final Map<String, String> BY_EXTENSION = new HashMap<>();

  static {
    String table =
        """
        text/html; charset=utf-8: htm html
        text/css; charset=utf-8: css
        text/javascript; charset=utf-8: js mjs
        text/plain; charset=utf-8: txt text log conf ini
        text/csv; charset=utf-8: csv
        text/markdown; charset=utf-8: md markdown
        text/calendar; charset=utf-8: ics
        text/xml; charset=utf-8: xml
        text/vtt; charset=utf-8: vtt
        application/json: json map
        application/ld+json: jsonld
        application/manifest+json: webmanifest
        application/wasm: wasm
        application/pdf: pdf
        application/rtf: rtf
        application/zip: zip
        application/gzip: gz
        application/x-tar: tar
        application/x-bzip2: bz2
        application/x-xz: xz
        application/zstd: zst
        application/x-7z-compressed: 7z
        application/vnd.rar: rar
        application/java-archive: jar
        application/atom+xml: atom
        application/rss+xml: rss
        application/xhtml+xml: xhtml
        application/epub+zip: epub
        application/msword: doc
        application/vnd.ms-excel: xls
        application/vnd.ms-powerpoint: ppt
        application/vnd.openxmlformats-officedocument.wordprocessingml.document: docx
        application/vnd.openxmlformats-officedocument.spreadsheetml.sheet: xlsx
        application/vnd.openxmlformats-officedocument.presentationml.presentation: pptx
        application/vnd.oasis.opendocument.text: odt
        application/vnd.oasis.opendocument.spreadsheet: ods
        application/vnd.apple.mpegurl: m3u8
        application/dash+xml: mpd
        image/avif: avif
        image/bmp: bmp
        image/gif: gif
        image/jpeg: jpg jpeg
        image/png: png
        image/svg+xml: svg
        image/tiff: tif tiff
        image/vnd.microsoft.icon: ico
        image/webp: webp
        font/otf: otf
        font/ttf: ttf
        font/woff: woff
        font/woff2: woff2
        application/vnd.ms-fontobject: eot
        audio/aac: aac
        audio/flac: flac
        audio/midi: mid midi
        audio/mpeg: mp3
        audio/ogg: oga ogg
        audio/wav: wav
        audio/webm: weba
        video/mp4: mp4 m4v
        video/mpeg: mpeg mpg
        video/ogg: ogv
        video/quicktime: mov
        video/webm: webm
        video/x-msvideo: avi
        video/x-matroska: mkv
        """;
    for (String line : table.split("\n")) {
      int colon = line.lastIndexOf(": ");
      for (String extension : line.substring(colon + 2).split(" ")) {
        BY_EXTENSION.put(extension, line.substring(0, colon));
      }
    }
  }

  private MediaTypes() {}

  /** The type of a file, by its name, or else by how it begins. Blocks. */
  public static String of(Path file) throws IOException {
    Optional<String> known = ofName(file.getFileName().toString());
    if (known.isPresent()) {
      return known.get();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return ContentSniffer.sniff(ByteBuffer.wrap(in.readNBytes(ContentSniffer.LENGTH)));
    }
  }

  /** The type of a file, by the part of its name after the last dot; empty when it is not known. */
  public static Optional<String> ofName(String fileName) {
    int dot = fileName.lastIndexOf('.');
    return dot < 0
        ? Optional.empty()
        : Optional.ofNullable(
            BY_EXTENSION.get(fileName.substring(dot + 1).toLowerCase(Locale.ROOT)));
  }
}
