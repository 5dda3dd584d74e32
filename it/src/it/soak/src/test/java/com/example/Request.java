package com.example;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * A request to test/php/worker.php.
 *
 * @param type of its body
 * @param expected the answer's body
 */
record Request(String method, String path, String type, byte[] body, String expected) {
  private static final byte[] NOTHING = {};
  private static final String BOUNDARY = "soak-boundary";

  static Request get(String path, String expected) {
    return new Request("GET", path, "text/plain", NOTHING, expected);
  }

  /** What an application is asked for: mostly little, sometimes much. */
  static Request any(RandomGenerator random) {
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5 -> text(random.nextInt(2_000));
      case 6, 7, 8 -> text(random.nextInt(100_000));
      case 9 -> text(random.nextInt(3_000_000));
      case 10, 11 -> streamed(1 + random.nextInt(60));
      case 12, 13 -> digest(bytes(random, 50_000));
      case 14 -> digest(bytes(random, 3_000_000));
      case 15, 16 -> upload(bytes(random, 500_000));
      case 17 -> get("/slow/" + random.nextInt(100), "slow");
      default -> get("/rpc", "called");
    };
  }

  private static Request text(int length) {
    return get("/text/" + length, "x".repeat(length));
  }

  static Request streamed(int chunks) {
    return get("/stream/" + chunks, "x".repeat(10_000 * chunks));
  }

  private static Request digest(byte[] body) {
    return new Request("POST", "/digest", "application/octet-stream", body, md5(body));
  }

  private static Request upload(byte[] file) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(
        ascii(
            "--"
                + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n"));
    body.writeBytes(file);
    body.writeBytes(ascii("\r\n--" + BOUNDARY + "--\r\n"));
    String type = "multipart/form-data; boundary=" + BOUNDARY;
    return new Request("POST", "/file", type, body.toByteArray(), md5(file));
  }

  /** A letter and its repetitions: random enough to differ, and cheap. */
  private static byte[] bytes(RandomGenerator random, int most) {
    byte[] bytes = new byte[random.nextInt(most)];
    Arrays.fill(bytes, (byte) ('a' + random.nextInt(26)));
    return bytes;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return method + " " + path + " with " + body.length + " bytes";
  }
}
