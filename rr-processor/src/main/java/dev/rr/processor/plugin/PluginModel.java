package dev.rr.processor.plugin;

import com.palantir.javapoet.ClassName;
import dev.rr.processor.base.Lang;
import dev.rr.processor.config.ConfigModel;
import dev.rr.processor.rpc.RpcModel;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.TypeElement;

/**
 * A plugin that was found to be right.
 *
 * @param type the class
 * @param id its id
 * @param weight its weight
 * @param enabledBy the sections that enable it; empty when it always is
 * @param anySection whether one of them is enough
 * @param parameters what its constructor takes, in order
 * @param offers what it offers, sorted by contract, then method; RPC is not among them
 * @param collects its collecting methods, in the source's order
 * @param rpc its RPC methods, if it has some
 */
record PluginModel(
    TypeElement type,
    String id,
    int weight,
    List<String> enabledBy,
    boolean anySection,
    List<Parameter> parameters,
    List<Offer> offers,
    List<Collect> collects,
    Optional<RpcModel> rpc) {
  PluginModel {
    enabledBy = List.copyOf(enabledBy);
    parameters = List.copyOf(parameters);
    offers = List.copyOf(offers);
    collects = List.copyOf(collects);
  }

  /** What a constructor takes. */
  sealed interface Parameter {
    /** The parameter's name. */
    String name();
  }

  /**
   * A contract.
   *
   * @param name the parameter's name
   * @param contract the interface
   * @param optional whether it is taken as {@code Optional}
   */
  record ContractParameter(String name, TypeElement contract, boolean optional)
      implements Parameter {}

  /**
   * A configuration record: decoded, or, when it is a driver's, its binder.
   *
   * @param name the parameter's name
   * @param model the record
   */
  record Config(String name, ConfigModel model) implements Parameter {}

  /**
   * A contract the plugin offers.
   *
   * @param contract the interface
   * @param method the method that gives it; empty when the plugin itself implements it
   * @param name by which a configuration chooses it
   */
  record Offer(TypeElement contract, String method, String name) {}

  /**
   * A collecting method.
   *
   * @param method its name
   * @param parameters contracts, and at most one {@code Named}
   */
  record Collect(String method, List<Argument> parameters) {}

  /**
   * A parameter of a collecting method.
   *
   * @param name its name
   * @param type a contract or {@code Named}
   */
  record Argument(String name, TypeElement type) {}

  List<ContractParameter> needs() {
    return parameters.stream()
        .filter(ContractParameter.class::isInstance)
        .map(ContractParameter.class::cast)
        .toList();
  }

  List<ConfigModel> configs() {
    return parameters.stream()
        .filter(Config.class::isInstance)
        .map(p -> ((Config) p).model())
        .toList();
  }

  /** The generated Dagger module. */
  ClassName module() {
    ClassName name = ClassName.get(type);
    return ClassName.get(name.packageName(), Lang.flatName(type) + "Module");
  }
}
