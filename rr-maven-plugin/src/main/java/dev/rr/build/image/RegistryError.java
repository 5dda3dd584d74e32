package dev.rr.build.image;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

/** What the distribution specification has a registry say when it refuses. Stateless. */
final class RegistryError {
  private static final int LONGEST = 300;

  private RegistryError() {}

  /** Of a body: {@code : code message} of its first error; empty where there is none. */
  static String text(String body) {
    try {
      JsonObject said = JsonParser.parseString(body).getAsJsonObject();
      JsonElement first = said.has("errors") ? said.getAsJsonArray("errors").get(0) : said;
      String code = text(first, "code");
      String text = shown(code + " " + text(first, "message"));
      return text.isEmpty() ? "" : ": " + text;
    } catch (JsonParseException
        | IllegalStateException
        | ClassCastException
        | IndexOutOfBoundsException
        | UnsupportedOperationException e) {
      return "";
    }
  }

  /** What somebody else wrote, for a message: a line without what terminals obey, and not long. */
  static String shown(String text) {
    String line = text.replaceAll("[\\p{IsControl}\\p{Cf}]+", " ").strip();
    return line.substring(0, Math.min(line.length(), LONGEST));
  }

  /** An address, without its query, in which a signature may be. */
  static String address(String text) {
    return shown(text.replaceFirst("[?#].*", "").replaceFirst("//[^/@]*@", "//"));
  }

  private static String text(JsonElement of, String key) {
    JsonElement value = of.getAsJsonObject().get(key);
    return value == null || value.isJsonNull() ? "" : value.getAsString();
  }
}
