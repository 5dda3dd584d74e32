package dev.rr.processor.descriptor;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.rr.processor.descriptor.Descriptor.Collect;
import dev.rr.processor.descriptor.Descriptor.DeclaredNeed;
import dev.rr.processor.descriptor.Descriptor.Offer;
import dev.rr.processor.descriptor.Descriptor.Section;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Writes and reads descriptors. The same descriptor gives the same bytes on every machine. */
public final class Descriptors {
  /** Where descriptors stand in a jar; the file is {@code <id>.json}. */
  public static final String FOLDER = "META-INF/rr/plugin/";

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  private Descriptors() {}

  /** The path of a plugin's descriptor in its jar. */
  public static String path(String id) {
    return FOLDER + id + ".json";
  }

  /** The descriptor as JSON that ends in a newline. */
  public static String toJson(Descriptor descriptor) {
    JsonObject out = new JsonObject();
    out.addProperty("format", descriptor.format());
    out.addProperty("id", descriptor.id());
    out.addProperty("type", descriptor.type());
    out.addProperty("module", descriptor.module());
    out.addProperty("weight", descriptor.weight());
    out.add("enabledBy", texts(descriptor.enabledBy()));
    out.addProperty("anySection", descriptor.anySection());
    out.add("needs", array(descriptor.needs(), Descriptors::json));
    out.add("offers", array(descriptor.offers(), Descriptors::json));
    out.add("collects", array(descriptor.collects(), Descriptors::json));
    out.add("sections", array(descriptor.sections(), Descriptors::json));
    out.add("rpc", texts(descriptor.rpc()));
    out.add("contracts", array(descriptor.contracts(), Descriptors::json));
    return GSON.toJson(out) + "\n";
  }

  /**
   * Reads a descriptor.
   *
   * @throws IllegalArgumentException when the text is not a descriptor of this format; the message
   *     names the field
   */
  public static Descriptor fromJson(String json) {
    return fromJson(new StringReader(json));
  }

  /** As {@link #fromJson(String)}; does not close the reader. */
  public static Descriptor fromJson(Reader json) {
    JsonElement parsed;
    try {
      parsed = JsonParser.parseReader(json);
    } catch (JsonParseException e) {
      throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
    }
    Fields in = Fields.of(parsed, "the descriptor");
    int format = in.number("format");
    if (format != Descriptor.FORMAT) {
      throw new IllegalArgumentException(
          "format is " + format + ", this version of rr reads " + Descriptor.FORMAT);
    }
    return new Descriptor(
        format,
        in.text("id"),
        in.text("type"),
        in.text("module"),
        in.number("weight"),
        in.texts("enabledBy"),
        in.flag("anySection"),
        in.list("needs", f -> new DeclaredNeed(f.text("contract"), f.flag("optional"))),
        in.list("offers", f -> new Offer(f.text("contract"), f.text("method"), f.text("name"))),
        in.list("collects", f -> new Collect(f.text("method"), f.texts("parameters"))),
        in.list(
            "sections",
            f ->
                new Section(
                    f.text("key"), f.textOr("driver", ""), f.text("binder"), f.object("schema"))),
        in.texts("rpc"),
        in.listOr("contracts", Descriptors::contract));
  }

  /** The shape of a contract as JSON that ends in a newline. */
  public static String toJson(ContractShape contract) {
    return GSON.toJson(json(contract)) + "\n";
  }

  /**
   * Reads the shape of a contract.
   *
   * @throws IllegalArgumentException when the text is none; the message names the field
   */
  public static ContractShape contractFromJson(String json) {
    try {
      return contract(Fields.of(JsonParser.parseString(json), "the contract"));
    } catch (JsonParseException e) {
      throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
    }
  }

  private static ContractShape contract(Fields in) {
    return new ContractShape(in.text("name"), in.texts("members"));
  }

  private static JsonObject json(ContractShape contract) {
    JsonObject out = new JsonObject();
    out.addProperty("name", contract.name());
    out.addProperty("fingerprint", contract.fingerprint());
    out.add("members", texts(contract.members()));
    return out;
  }

  private static JsonObject json(DeclaredNeed need) {
    JsonObject out = new JsonObject();
    out.addProperty("contract", need.contract());
    out.addProperty("optional", need.optional());
    return out;
  }

  private static JsonObject json(Offer offer) {
    JsonObject out = new JsonObject();
    out.addProperty("contract", offer.contract());
    out.addProperty("method", offer.method());
    out.addProperty("name", offer.name());
    return out;
  }

  private static JsonObject json(Collect collect) {
    JsonObject out = new JsonObject();
    out.addProperty("method", collect.method());
    out.add("parameters", texts(collect.parameters()));
    return out;
  }

  private static JsonObject json(Section section) {
    JsonObject out = new JsonObject();
    out.addProperty("key", section.key());
    if (!section.driver().isEmpty()) {
      out.addProperty("driver", section.driver());
    }
    out.addProperty("binder", section.binder());
    out.add("schema", section.schema());
    return out;
  }

  private static JsonArray texts(List<String> texts) {
    JsonArray out = new JsonArray();
    texts.forEach(out::add);
    return out;
  }

  private static <T> JsonArray array(List<T> values, Function<T, JsonObject> json) {
    JsonArray out = new JsonArray();
    values.forEach(value -> out.add(json.apply(value)));
    return out;
  }

  /** An object whose fields are checked when they are asked for. */
  private record Fields(JsonObject object, String where) {
    static Fields of(JsonElement element, String where) {
      if (!element.isJsonObject()) {
        throw new IllegalArgumentException(where + " is not a JSON object");
      }
      return new Fields(element.getAsJsonObject(), where);
    }

    private JsonElement get(String name) {
      JsonElement value = object.get(name);
      if (value == null) {
        throw new IllegalArgumentException(where + " has no `" + name + "`");
      }
      return value;
    }

    private <T> T get(String name, String expected, Function<JsonElement, T> reader) {
      JsonElement value = get(name);
      try {
        return reader.apply(value);
      } catch (IllegalStateException | UnsupportedOperationException | NumberFormatException e) {
        throw new IllegalArgumentException(
            where + "'s `" + name + "` is " + value + ", expected " + expected, e);
      }
    }

    String text(String name) {
      return get(name, "text", JsonElement::getAsString);
    }

    String textOr(String name, String fallback) {
      return object.has(name) ? text(name) : fallback;
    }

    int number(String name) {
      return get(name, "a whole number", JsonElement::getAsInt);
    }

    boolean flag(String name) {
      return get(name, "true or false", JsonElement::getAsBoolean);
    }

    JsonObject object(String name) {
      return get(name, "an object", JsonElement::getAsJsonObject);
    }

    List<String> texts(String name) {
      List<String> out = new ArrayList<>();
      get(name, "a list of texts", JsonElement::getAsJsonArray)
          .forEach(e -> out.add(e.getAsString()));
      return List.copyOf(out);
    }

    <T> List<T> listOr(String name, Function<Fields, T> reader) {
      return object.has(name) ? list(name, reader) : List.of();
    }

    <T> List<T> list(String name, Function<Fields, T> reader) {
      List<T> out = new ArrayList<>();
      get(name, "a list", JsonElement::getAsJsonArray)
          .forEach(e -> out.add(reader.apply(of(e, "an entry of `" + name + "`"))));
      return List.copyOf(out);
    }
  }
}
