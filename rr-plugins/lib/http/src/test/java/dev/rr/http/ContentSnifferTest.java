package dev.rr.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentSnifferTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'  <html>'|text/html; charset=utf-8",
        "'<!doctype html>'|text/html; charset=utf-8",
        "'<htmlx'|text/plain; charset=utf-8",
        "'<?xml version'|text/xml; charset=utf-8",
        "'{\"a\": 1}'|text/plain; charset=utf-8",
        "''|text/plain; charset=utf-8",
        "'%PDF-1.7'|application/pdf",
        "'GIF89a..'|image/gif",
        "'RIFF1234WEBPVP8'|image/webp",
        "'RIFF1234WAVEfmt'|audio/wave",
        "'wOF2'|font/woff2"
      })
  void guessesFromTheFirstBytes(String content, String type) {
    assertThat(sniff(content)).isEqualTo(type);
  }

  @org.junit.jupiter.api.Test
  void takesControlCharactersForBinary() {
    assertThat(sniff("abc\0def")).isEqualTo("application/octet-stream");
    assertThat(sniff("\u0089PNG\r\n\u001a\n")).isEqualTo("image/png");
    assertThat(sniff("\0\0\0\u0014ftypmp42\0\0\0\0mp41")).isEqualTo("video/mp4");
  }

  private static String sniff(String content) {
    return ContentSniffer.sniff(ByteBuffer.wrap(content.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
