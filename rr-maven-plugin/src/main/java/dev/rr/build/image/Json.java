package dev.rr.build.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.rr.build.BuildException;
import java.util.ArrayList;
import java.util.List;

/** Reads what a registry says about an image; what is missing is an error that names the image. */
record Json(ImageName name) {
  JsonObject object(String json) throws BuildException {
    try {
      return JsonParser.parseString(json).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      // Without the cause's words, which may be all that came, and that may be a token.
      throw new BuildException(name + " gave what is no JSON object");
    }
  }

  JsonObject object(JsonObject of, String key) throws BuildException {
    JsonElement value = of.get(key);
    if (value == null || !value.isJsonObject()) {
      throw without(key);
    }
    return value.getAsJsonObject();
  }

  List<JsonObject> objects(JsonObject of, String key) throws BuildException {
    JsonElement value = of.get(key);
    if (value == null || !value.isJsonArray()) {
      throw without(key);
    }
    JsonArray array = value.getAsJsonArray();
    List<JsonObject> all = new ArrayList<>();
    for (JsonElement element : array) {
      if (!element.isJsonObject()) {
        throw without(key);
      }
      all.add(element.getAsJsonObject());
    }
    return all;
  }

  String text(JsonObject of, String key) throws BuildException {
    JsonElement value = of.get(key);
    if (value == null || !value.isJsonPrimitive()) {
      throw without(key);
    }
    return value.getAsString();
  }

  /** The text, or an empty one where it is none. */
  String textOrEmpty(JsonObject of, String key) {
    JsonElement value = of.get(key);
    return value == null || !value.isJsonPrimitive() ? "" : value.getAsString();
  }

  private BuildException without(String key) {
    return new BuildException(name + " gave a description without " + key);
  }
}
