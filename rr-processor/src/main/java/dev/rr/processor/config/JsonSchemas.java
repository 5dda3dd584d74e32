package dev.rr.processor.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.config.ConfigModel.Component;
import java.util.List;
import javax.lang.model.element.TypeElement;

/** Writes a section's JSON schema, in the manner of draft 07. */
public final class JsonSchemas {
  private final ConfigReader reader;

  /** Reads nested records silently: their own mistakes are reported where they are compiled. */
  public JsonSchemas(Diagnostics silent) {
    this.reader = new ConfigReader(silent);
  }

  /** The schema of a section. */
  public JsonObject of(ConfigModel model) {
    for (Component component : model.components()) {
      if (component.key().equals(ConfigModel.NAMES)) {
        return property(component);
      }
    }
    JsonObject properties = new JsonObject();
    JsonArray required = new JsonArray();
    for (Component component : model.components()) {
      properties.add(component.key(), property(component));
      if (component.traits().required()) {
        required.add(component.key());
      }
    }
    JsonObject out = new JsonObject();
    out.addProperty("type", "object");
    out.add("properties", properties);
    if (!required.isEmpty()) {
      out.add("required", required);
    }
    return out;
  }

  private JsonObject property(Component component) {
    JsonObject out = shape(component);
    if (!component.traits().doc().isEmpty()) {
      out.addProperty("description", component.traits().doc());
    }
    if (!component.fallback().isEmpty()) {
      out.add("default", fallback(component));
    }
    if (component.traits().secret()) {
      out.addProperty("writeOnly", true);
    }
    return out;
  }

  private JsonObject shape(Component component) {
    return switch (component.kind()) {
      case STRING -> type("string");
      case BOOLEAN -> type("boolean");
      case INT, LONG -> whole(component);
      case DOUBLE -> type("number");
      case DURATION -> types("string", "integer");
      case CHOICE -> choice(component);
      case STRING_OR_LIST, STRINGS -> with(types("array", "string"), "items", type("string"));
      case STRING_MAP -> with(type("object"), "additionalProperties", type("string"));
      case RECORD -> nested(component.part());
      case RECORDS -> with(type("array"), "items", nested(component.part()));
      case RECORD_MAP -> with(type("object"), "additionalProperties", nested(component.part()));
      case SECTION -> type("object");
      case SECTION_LIST -> with(type("array"), "items", type("object"));
      case SECTION_MAP -> with(type("object"), "additionalProperties", type("object"));
    };
  }

  private JsonObject nested(TypeElement record) {
    return reader.read(record).map(this::of).orElseGet(() -> type("object"));
  }

  private static JsonObject whole(Component component) {
    JsonObject out = type("integer");
    if (component.bounds().min() > Integer.MIN_VALUE) {
      out.addProperty("minimum", component.bounds().min());
    }
    if (component.bounds().max() < Integer.MAX_VALUE) {
      out.addProperty("maximum", component.bounds().max());
    }
    return out;
  }

  private static JsonObject choice(Component component) {
    JsonArray words = new JsonArray();
    Choices.of(component.part()).forEach(words::add);
    return with(type("string"), "enum", words);
  }

  private static JsonElement fallback(Component component) {
    String text = component.fallback();
    return switch (component.kind()) {
      case BOOLEAN -> new JsonPrimitive(text.equals("true"));
      case INT, LONG -> new JsonPrimitive(Literals.whole(text).orElse(0L));
      case DOUBLE -> new JsonPrimitive(Literals.decimal(text).orElse(0.0));
      case STRINGS -> array(Literals.list(text));
      default -> new JsonPrimitive(text);
    };
  }

  private static JsonArray array(List<String> texts) {
    JsonArray out = new JsonArray();
    texts.forEach(out::add);
    return out;
  }

  private static JsonObject type(String name) {
    JsonObject out = new JsonObject();
    out.addProperty("type", name);
    return out;
  }

  private static JsonObject types(String... names) {
    JsonObject out = new JsonObject();
    out.add("type", array(List.of(names)));
    return out;
  }

  private static JsonObject with(JsonObject schema, String key, JsonElement value) {
    schema.add(key, value);
    return schema;
  }
}
