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
      String text = (code + " " + text(first, "message")).replaceAll("\\p{Cntrl}+", " ").strip();
      return text.isEmpty() ? "" : ": " + text.substring(0, Math.min(text.length(), LONGEST));
    } catch (JsonParseException
        | IllegalStateException
        | ClassCastException
        | IndexOutOfBoundsException
        | UnsupportedOperationException e) {
      return "";
    }
  }

  private static String text(JsonElement of, String key) {
    JsonElement value = of.getAsJsonObject().get(key);
    return value == null || value.isJsonNull() ? "" : value.getAsString();
  }
}
