package dev.rr.processor.plugin;

import dev.rr.processor.base.ClassNames;
import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.base.Lang;
import dev.rr.processor.config.ConfigModel;
import dev.rr.processor.config.JsonSchemas;
import dev.rr.processor.descriptor.ContractShape;
import dev.rr.processor.descriptor.Descriptor;
import dev.rr.processor.plugin.PluginModel.Config;
import dev.rr.processor.plugin.PluginModel.ContractParameter;
import dev.rr.processor.plugin.PluginModel.Parameter;
import dev.rr.processor.rpc.RpcModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import javax.lang.model.element.TypeElement;

/** Puts a plugin's facts into its descriptor. */
final class DescriptorWriter {

  private DescriptorWriter() {}

  static Descriptor of(PluginModel model, Lang lang) {
    List<Descriptor.DeclaredNeed> needs = needs(model);
    List<Descriptor.Offer> offers = offers(model);
    List<Descriptor.Collect> collects =
        model.collects().stream().map(DescriptorWriter::collect).toList();
    return new Descriptor(
        Descriptor.FORMAT,
        model.id(),
        model.type().getQualifiedName().toString(),
        model.module().canonicalName(),
        model.weight(),
        model.enabledBy(),
        model.anySection(),
        needs,
        offers,
        collects,
        model.configs().stream().map(DescriptorWriter::section).toList(),
        model.rpc().map(RpcModel::names).orElse(List.of()),
        contracts(needs, offers, collects, lang));
  }

  /** As the compiler sees them now; what it does not see is no contract of this code. */
  private static List<ContractShape> contracts(
      List<Descriptor.DeclaredNeed> needs,
      List<Descriptor.Offer> offers,
      List<Descriptor.Collect> collects,
      Lang lang) {
    TreeSet<String> names = new TreeSet<>();
    needs.forEach(need -> names.add(need.contract()));
    offers.forEach(offer -> names.add(offer.contract()));
    collects.forEach(collect -> names.addAll(collect.parameters()));
    List<ContractShape> contracts = new ArrayList<>();
    for (String name : names) {
      TypeElement type = lang.find(name);
      if (type != null && Lang.isContract(type.asType())) {
        contracts.add(ContractStep.shape(type, lang));
      }
    }
    return List.copyOf(contracts);
  }

  /** Contracts in declaration order; the first record stands for the configuration. */
  private static List<Descriptor.DeclaredNeed> needs(PluginModel model) {
    boolean named =
        model.needs().stream()
            .anyMatch(n ->
                n.contract()
                    .getQualifiedName()
                    .contentEquals(ClassNames.CONFIGURER.canonicalName()));
    List<Descriptor.DeclaredNeed> needs = new ArrayList<>();
    for (Parameter parameter : model.parameters()) {
      if (parameter instanceof ContractParameter need) {
        String contract = need.contract().getQualifiedName().toString();
        needs.add(new Descriptor.DeclaredNeed(contract, need.optional()));
      } else if (!named && parameter instanceof Config config && !config.model().isDrivers()) {
        needs.add(new Descriptor.DeclaredNeed(ClassNames.CONFIGURER.canonicalName(), false));
        named = true;
      }
    }
    return needs;
  }

  private static List<Descriptor.Offer> offers(PluginModel model) {
    List<Descriptor.Offer> offers = new ArrayList<>();
    model
        .offers()
        .forEach(o ->
            offers.add(
                new Descriptor.Offer(
                    o.contract().getQualifiedName().toString(), o.method(), o.name())));
    if (model.rpc().isPresent()) {
      offers.add(new Descriptor.Offer(ClassNames.RPC_SERVICE.canonicalName(), "rpc", model.id()));
    }
    offers.sort(
        Comparator.comparing(Descriptor.Offer::contract).thenComparing(Descriptor.Offer::method));
    return offers;
  }

  private static Descriptor.Collect collect(PluginModel.Collect collect) {
    return new Descriptor.Collect(
        collect.method(),
        collect.parameters().stream().map(a -> a.type().getQualifiedName().toString()).toList());
  }

  private static Descriptor.Section section(ConfigModel config) {
    return new Descriptor.Section(
        config.key(),
        config.driver(),
        ConfigModel.binder(config.type()).canonicalName(),
        new JsonSchemas(Diagnostics.silent()).of(config));
  }
}
