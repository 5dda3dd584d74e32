package dev.rr.maven;

import dev.rr.build.BuildException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * What a project says to maven-compiler-plugin, as far as {@code rr:run} has to do the same.
 * Immutable.
 *
 * @param processors {@code groupId:artifactId}, and {@code :version} where there is one, of the
 *     processor path
 * @param processorOptions those that begin with {@code -A}
 * @param release empty when it is not said there
 */
record CompilerSettings(
    List<String> processors, List<String> processorOptions, Optional<String> release) {
  /**
   * Reads a plugin's configuration.
   *
   * @param configuration Maven's object for it, which is XML when it is printed, in every version
   *     of Maven; null when there is none
   */
  static CompilerSettings of(@Nullable Object configuration) throws BuildException, IOException {
    if (configuration == null) {
      return new CompilerSettings(List.of(), List.of(), Optional.empty());
    }
    Element root = parse(configuration.toString());
    List<String> processors = new ArrayList<>();
    for (Element path : children(root, "annotationProcessorPaths")) {
      String version = text(path, "version").map(v -> ":" + v).orElse("");
      processors.add(
          text(path, "groupId").orElse("") + ":" + text(path, "artifactId").orElse("") + version);
    }
    List<String> options = new ArrayList<>();
    for (Element argument : children(root, "compilerArgs")) {
      String text = argument.getTextContent().trim();
      if (text.startsWith("-A")) {
        options.add(text);
      }
    }
    return new CompilerSettings(
        List.copyOf(processors), List.copyOf(options), text(root, "release"));
  }

  private static Element parse(String xml) throws BuildException, IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      // Its own would print.
      builder.setErrorHandler(new DefaultHandler());
      return builder.parse(new InputSource(new StringReader(xml))).getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new BuildException(
          "the configuration of maven-compiler-plugin cannot be read: " + e.getMessage());
    }
  }

  /** The elements in the element of this name. */
  private static List<Element> children(Element root, String name) {
    List<Element> all = new ArrayList<>();
    for (Element parent : elements(root)) {
      if (parent.getTagName().equals(name)) {
        all.addAll(elements(parent));
      }
    }
    return all;
  }

  private static Optional<String> text(Element parent, String name) {
    return elements(parent).stream()
        .filter(e -> e.getTagName().equals(name))
        .map(e -> e.getTextContent().trim())
        .filter(text -> !text.isEmpty())
        .findFirst();
  }

  private static List<Element> elements(Element parent) {
    List<Element> all = new ArrayList<>();
    NodeList nodes = parent.getChildNodes();
    for (int i = 0; i < nodes.getLength(); i++) {
      Node node = nodes.item(i);
      if (node instanceof Element) {
        all.add((Element) node);
      }
    }
    return all;
  }
}
