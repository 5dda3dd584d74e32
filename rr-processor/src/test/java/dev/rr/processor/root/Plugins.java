package dev.rr.processor.root;

import com.google.gson.JsonObject;
import dev.rr.processor.descriptor.Descriptor;
import java.util.ArrayList;
import java.util.List;

/** Plugins described by hand. */
final class Plugins {
  private final String id;
  private int weight = 1;
  private final List<String> enabledBy = new ArrayList<>();
  private final List<Descriptor.DeclaredNeed> needs = new ArrayList<>();
  private final List<Descriptor.Offer> offers = new ArrayList<>();
  private final List<Descriptor.Collect> collects = new ArrayList<>();
  private final List<Descriptor.Section> sections = new ArrayList<>();

  private Plugins(String id) {
    this.id = id;
  }

  static Plugins plugin(String id) {
    return new Plugins(id);
  }

  Plugins weight(int value) {
    weight = value;
    return this;
  }

  Plugins enabledBy(String... sections) {
    enabledBy.addAll(List.of(sections));
    return this;
  }

  Plugins needs(String... contracts) {
    List.of(contracts).forEach(c -> needs.add(new Descriptor.DeclaredNeed(c, false)));
    return this;
  }

  Plugins mayUse(String... contracts) {
    List.of(contracts).forEach(c -> needs.add(new Descriptor.DeclaredNeed(c, true)));
    return this;
  }

  Plugins offers(String... contracts) {
    List.of(contracts).forEach(c -> offers.add(new Descriptor.Offer(c, "", id)));
    return this;
  }

  Plugins offersBy(String method, String contract) {
    offers.add(new Descriptor.Offer(contract, method, id));
    return this;
  }

  Plugins offersAs(String name, String contract) {
    offers.add(new Descriptor.Offer(contract, "", name));
    return this;
  }

  Plugins collects(String method, String... parameters) {
    collects.add(new Descriptor.Collect(method, List.of(parameters)));
    return this;
  }

  Plugins section(String key) {
    sections.add(new Descriptor.Section(key, "", "com.example.Binder", new JsonObject()));
    return this;
  }

  SelectedPlugin member() {
    String name = Character.toUpperCase(id.charAt(0)) + id.substring(1);
    String type = "com.example." + id + "." + name + "Plugin";
    Descriptor descriptor =
        new Descriptor(
            Descriptor.FORMAT,
            id,
            type,
            type + "Module",
            weight,
            enabledBy,
            false,
            needs,
            offers,
            collects,
            sections,
            List.of(),
            List.of());
    return new SelectedPlugin(descriptor, "com.example:" + id + ":1.0");
  }

  static Graph graph(Plugins... plugins) {
    return new Graph(List.of(plugins).stream().map(Plugins::member).toList());
  }
}
