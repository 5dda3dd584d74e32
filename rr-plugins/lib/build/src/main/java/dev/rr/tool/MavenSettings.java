package dev.rr.tool;

import dev.rr.build.BuildException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * What Maven's {@code settings.xml} says about repositories: those who use both need to say it
 * once. Passwords that Maven has encrypted cannot be read here. Immutable.
 *
 * @param localRepository empty when it is not said
 * @param repositories of active profiles
 */
record MavenSettings(
    Optional<String> localRepository,
    List<Mirror> mirrors,
    List<Server> servers,
    List<Proxy> proxies,
    List<Repository> repositories) {
  /** Says nothing. */
  static final MavenSettings EMPTY =
      new MavenSettings(Optional.empty(), List.of(), List.of(), List.of(), List.of());

  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{([^}]+)}");

  /** Stands for repositories. */
  record Mirror(String id, String url, String of, boolean blocked) {}

  /**
   * Who one is to a repository, a mirror or a proxy of this id.
   *
   * @param password in clear
   */
  record Server(String id, String user, String password) {
    @Override
    public String toString() {
      return "Server[id=" + id + ", user=" + user + ", password=***]";
    }
  }

  /**
   * The way out.
   *
   * @param nonProxyHosts patterns with {@code |} between
   */
  record Proxy(
      String protocol, String host, int port, String user, String password, String nonProxyHosts) {
    @Override
    public String toString() {
      return "Proxy[" + protocol + "://" + host + ":" + port + "]";
    }
  }

  /** A repository. */
  record Repository(String id, String url, boolean releases, boolean snapshots) {}

  /**
   * Reads one.
   *
   * @param variables what stands for a name in {@code ${...}}
   */
  static MavenSettings read(Path file, UnaryOperator<String> variables)
      throws BuildException, IOException {
    if (!Files.isRegularFile(file)) {
      return EMPTY;
    }
    Element root;
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      // Its own would print.
      builder.setErrorHandler(new DefaultHandler());
      root = builder.parse(file.toFile()).getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new BuildException(file + " cannot be read: " + e.getMessage());
    }
    return new Reader(variables).settings(root);
  }

  /** {@code env.NAME} of the environment, else a system property. */
  static UnaryOperator<String> variables(Map<String, String> environment) {
    return name ->
        name.startsWith("env.")
            ? environment.getOrDefault(name.substring(4), "")
            : System.getProperty(name, "${" + name + "}");
  }

  private record Reader(UnaryOperator<String> variables) {
    MavenSettings settings(Element root) {
      return new MavenSettings(
          Optional.of(text(root, "localRepository", "")).filter(t -> !t.isEmpty()),
          in(root, "mirrors").stream()
              .map(e ->
                  new Mirror(
                      text(e, "id", ""),
                      text(e, "url", ""),
                      text(e, "mirrorOf", ""),
                      text(e, "blocked", "false").equals("true")))
              .toList(),
          in(root, "servers").stream()
              .map(e ->
                  new Server(text(e, "id", ""), text(e, "username", ""), text(e, "password", "")))
              .toList(),
          in(root, "proxies").stream()
              .filter(e -> text(e, "active", "true").equals("true"))
              .map(this::proxy)
              .toList(),
          repositories(root));
    }

    private Proxy proxy(Element e) {
      return new Proxy(
          text(e, "protocol", "http"),
          text(e, "host", ""),
          number(text(e, "port", "8080")),
          text(e, "username", ""),
          text(e, "password", ""),
          text(e, "nonProxyHosts", ""));
    }

    private static int number(String text) {
      return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 8080;
    }

    /** Of profiles that are switched on by name, or always. */
    private List<Repository> repositories(Element root) {
      Set<String> active = new TreeSet<>();
      in(root, "activeProfiles").forEach(e -> active.add(replaced(e.getTextContent().trim())));
      List<Repository> all = new ArrayList<>();
      for (Element profile : in(root, "profiles")) {
        boolean always =
            in(profile, "activation").stream()
                .anyMatch(e ->
                    e.getTagName().equals("activeByDefault")
                        && e.getTextContent().trim().equals("true"));
        if (always || active.contains(text(profile, "id", ""))) {
          in(profile, "repositories").forEach(e -> all.add(repository(e)));
        }
      }
      return all;
    }

    private Repository repository(Element e) {
      return new Repository(
          text(e, "id", ""), text(e, "url", ""), enabled(e, "releases"), enabled(e, "snapshots"));
    }

    private boolean enabled(Element repository, String policy) {
      return in(repository, policy).stream()
          .noneMatch(
              e -> e.getTagName().equals("enabled") && e.getTextContent().trim().equals("false"));
    }

    private String text(Element parent, String name, String fallback) {
      for (Element child : elements(parent)) {
        if (child.getTagName().equals(name)) {
          return replaced(child.getTextContent().trim());
        }
      }
      return fallback;
    }

    private String replaced(String text) {
      return EXPRESSION
          .matcher(text)
          .replaceAll(m -> Matcher.quoteReplacement(variables.apply(m.group(1))));
    }

    /** The elements in the element of this name. */
    private static List<Element> in(Element parent, String name) {
      List<Element> all = new ArrayList<>();
      for (Element child : elements(parent)) {
        if (child.getTagName().equals(name)) {
          all.addAll(elements(child));
        }
      }
      return all;
    }

    private static List<Element> elements(Element parent) {
      List<Element> all = new ArrayList<>();
      NodeList nodes = parent.getChildNodes();
      for (int i = 0; i < nodes.getLength(); i++) {
        Node node = nodes.item(i);
        if (node instanceof Element element) {
          all.add(element);
        }
      }
      return all;
    }
  }
}
