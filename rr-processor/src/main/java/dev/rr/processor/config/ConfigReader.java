package dev.rr.processor.config;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.processor.base.Annotations;
import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.base.Lang;
import dev.rr.processor.base.Spelling;
import dev.rr.processor.config.ConfigModel.Bounds;
import dev.rr.processor.config.ConfigModel.Component;
import dev.rr.processor.config.ConfigModel.Traits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;

/** Reads records marked as configuration, and reports what is wrong with them. */
public final class ConfigReader {
  private static final Pattern KEY = Pattern.compile("[a-z0-9_-]+");

  private final Diagnostics diagnostics;

  /** Reports to {@code diagnostics}. */
  public ConfigReader(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /** The record's model; empty when a mistake was reported or a type in it does not exist. */
  public Optional<ConfigModel> read(TypeElement type) {
    int before = diagnostics.errors();
    AnnotationMirror section = Annotations.find(type, ConfigSection.class);
    if (section == null) {
      return Optional.empty();
    }
    String key = Annotations.text(section, "value", "");
    String driver = Annotations.text(section, "driver", "");
    new PathRule(diagnostics).check(type, section, key, driver);
    if (type.getKind() != ElementKind.RECORD) {
      notRecord(type, section);
      return Optional.empty();
    }
    if (!checkType(type, section)) {
      return Optional.empty();
    }
    List<Component> components = new ArrayList<>();
    boolean unknown = false;
    for (RecordComponentElement component : type.getRecordComponents()) {
      if (Lang.isUnknown(component.asType())) {
        unknown = true;
      } else {
        component(component).ifPresent(components::add);
      }
    }
    checkKeys(type, components);
    new NamesRule(diagnostics).check(type, components);
    new SecretRule(diagnostics).check(type, components);
    return unknown || diagnostics.errors() > before
        ? Optional.empty()
        : Optional.of(new ConfigModel(type, key, driver, components));
  }

  private void notRecord(TypeElement type, AnnotationMirror section) {
    diagnostics.error(
        "ConfigRecord",
        type,
        section,
        "",
        type.getSimpleName()
            + " is marked @ConfigSection but is "
            + described(type.getKind())
            + "; make it a record whose components are the section's keys");
  }

  private static String described(ElementKind kind) {
    return switch (kind) {
      case INTERFACE -> "an interface";
      case ENUM -> "an enum";
      case ANNOTATION_TYPE -> "an annotation";
      default -> "a class";
    };
  }

  private boolean checkType(TypeElement type, AnnotationMirror section) {
    if (Lang.isHidden(type)) {
      diagnostics.error(
          "ConfigPrivate",
          type,
          section,
          "",
          type.getSimpleName()
              + " is private or local, so its binder cannot construct it; leave `private` out");
      return false;
    }
    if (!type.getTypeParameters().isEmpty()) {
      diagnostics.error(
          "ConfigGeneric",
          type,
          section,
          "",
          type.getSimpleName() + " has type parameters; a section's types must be fixed");
      return false;
    }
    if (RecordCycle.find(type).isPresent()) {
      diagnostics.error(
          "ConfigCycle",
          type,
          section,
          "",
          type.getSimpleName()
              + " contains itself: "
              + RecordCycle.find(type).get()
              + "; take the inner part as dev.rr.api.config.Section and read it by hand");
      return false;
    }
    return true;
  }

  private Optional<Component> component(RecordComponentElement component) {
    Optional<Shape> shape = Shape.of(component.asType());
    if (shape.isEmpty()) {
      diagnostics.error("ConfigType", component, Shape.unsupported(component));
      return Optional.empty();
    }
    AnnotationMirror annotation = Annotations.find(component, Key.class);
    String name = component.getSimpleName().toString();
    if (annotation == null) {
      Component plain =
          new Component(
              name,
              component.asType(),
              shape.get().kind(),
              shape.get().optional(),
              Spelling.snake(name),
              "",
              bounds(shape.get(), Bounds.NONE),
              new Traits(false, false, ""),
              shape.get().element());
      new FallbackRule(diagnostics).check(component, null, plain);
      return Optional.of(plain);
    }
    return Optional.of(component(component, shape.get(), annotation));
  }

  private Component component(
      RecordComponentElement component, Shape shape, AnnotationMirror annotation) {
    String name = component.getSimpleName().toString();
    String key = Annotations.text(annotation, "name", "");
    Bounds bounds =
        new Bounds(
            Annotations.number(annotation, "min", Long.MIN_VALUE),
            Annotations.number(annotation, "max", Long.MAX_VALUE));
    Component read =
        new Component(
            name,
            component.asType(),
            shape.kind(),
            shape.optional(),
            key.isEmpty() ? Spelling.snake(name) : key,
            Annotations.text(annotation, "fallback", ""),
            bounds(shape, bounds),
            new Traits(
                Annotations.flag(annotation, "required"),
                Annotations.flag(annotation, "secret"),
                Annotations.text(annotation, "doc", "")),
            shape.element());
    checkKey(component, annotation, key);
    new BoundsRule(diagnostics).check(component, annotation, read, bounds);
    new FallbackRule(diagnostics).check(component, annotation, read);
    checkRequired(component, annotation, read);
    return read;
  }

  /** An {@code int} can hold no more than an {@code int}. */
  private static Bounds bounds(Shape shape, Bounds given) {
    return shape.kind() == ConfigModel.Kind.INT
        ? new Bounds(
            Math.max(given.min(), Integer.MIN_VALUE), Math.min(given.max(), Integer.MAX_VALUE))
        : given;
  }

  private void checkKey(RecordComponentElement component, AnnotationMirror annotation, String key) {
    if (!key.isEmpty() && !key.equals(ConfigModel.NAMES) && !KEY.matcher(key).matches()) {
      diagnostics.error(
          "KeyName",
          component,
          annotation,
          "name",
          "component "
              + component.getSimpleName()
              + " has the key \""
              + key
              + "\"; keys match without regard to case and have no dots: write \""
              + Spelling.snake(key).replace('.', '_').replaceAll("[^a-z0-9_-]", "")
              + "\"");
    }
  }

  private void checkRequired(
      RecordComponentElement component, AnnotationMirror annotation, Component read) {
    if (read.traits().required() && (read.optional() || !read.fallback().isEmpty())) {
      diagnostics.error(
          "KeyRequired",
          component,
          annotation,
          "required",
          "component "
              + read.name()
              + " is required and "
              + (read.optional() ? "Optional" : "has the fallback \"" + read.fallback() + "\"")
              + "; a required key is always there: leave one of the two out");
    }
  }

  private void checkKeys(TypeElement type, List<Component> components) {
    Map<String, String> owners = new HashMap<>();
    for (Component component : components) {
      String other = owners.putIfAbsent(component.key(), component.name());
      if (other != null) {
        diagnostics.error(
            "KeyTwice",
            component(type, component.name()),
            "components "
                + other
                + " and "
                + component.name()
                + " both have the key \""
                + component.key()
                + "\"; give one of them another with @Key(name = …)");
      }
    }
  }

  static RecordComponentElement component(TypeElement type, String name) {
    return type.getRecordComponents().stream()
        .filter(c -> c.getSimpleName().contentEquals(name))
        .findFirst()
        .orElseThrow();
  }
}
