package dev.rr.build.select;

import dev.rr.build.BuildException;
import dev.rr.build.Input;
import dev.rr.build.archive.Archive;
import dev.rr.processor.descriptor.ContractShape;
import dev.rr.processor.descriptor.Descriptor;
import dev.rr.processor.descriptor.Descriptors;
import dev.rr.processor.root.SelectedPlugin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds plugins that were compiled against another contract than the one in the file, so that a
 * method would be missing when it is called. What a contract has gained harms nobody who uses it;
 * who implements it has to have it, unless it has a body.
 */
final class ContractChecks {
  private ContractChecks() {}

  /** A contract of an input, as it is now. */
  private record Found(ContractShape shape, Input input) {}

  /** A sentence for each changed member and plugin, by the plugin's id. */
  static List<String> of(Collection<SelectedPlugin> members, Collection<Input> inputs)
      throws BuildException {
    Map<String, Found> contracts = new TreeMap<>();
    for (Input input : inputs) {
      read(input, contracts);
    }
    List<String> problems = new ArrayList<>();
    for (SelectedPlugin member : members) {
      for (ContractShape was : member.descriptor().contracts()) {
        Found now = contracts.get(was.name());
        if (now != null && !now.shape().fingerprint().equals(was.fingerprint())) {
          compare(member, was, now, problems);
        }
      }
    }
    return problems;
  }

  private static void read(Input input, Map<String, Found> contracts) throws BuildException {
    try (Archive archive = Archive.open(input.file())) {
      for (Archive.Entry entry : archive.entries()) {
        if (entry.name().startsWith(ContractShape.FOLDER) && entry.name().endsWith(".json")) {
          ContractShape shape =
              Descriptors.contractFromJson(new String(entry.content(), StandardCharsets.UTF_8));
          contracts.put(shape.name(), new Found(shape, input));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new BuildException(
          "Cannot read the contracts of " + input.coordinates() + ": " + e.getMessage());
    }
  }

  private static void compare(
      SelectedPlugin member, ContractShape was, Found now, List<String> problems) {
    List<String> present = now.shape().signatures();
    for (String signature : was.signatures()) {
      if (!present.contains(signature)) {
        problems.add(text(member, now, signature + " is gone" + instead(signature, present)));
      }
    }
    if (offers(member.descriptor(), was.name())) {
      for (String signature : now.shape().toImplement()) {
        if (!was.signatures().contains(signature)) {
          problems.add(text(member, now, signature + " is new, and the plugin has to have it"));
        }
      }
    }
  }

  private static boolean offers(Descriptor descriptor, String contract) {
    return descriptor.offers().stream().anyMatch(offer -> offer.contract().equals(contract));
  }

  /** What has the same name now. */
  private static String instead(String signature, List<String> present) {
    List<String> same = present.stream().filter(p -> name(p).equals(name(signature))).toList();
    return same.isEmpty() ? "" : "; there is " + String.join(", ", same);
  }

  private static String name(String signature) {
    return signature.replaceFirst("\\(.*", "").replaceFirst(".* ", "");
  }

  private static String text(SelectedPlugin member, Found now, String change) {
    return "%s (%s) was compiled against another %s than that of %s: %s. Choose a version of the plugin that goes with it, or compile the plugin again."
        .formatted(
            member.id(),
            member.coordinates(),
            now.shape().name(),
            now.input().coordinates(),
            change);
  }
}
