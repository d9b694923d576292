package bench.jmh;

import bench.crypt.EngineSelection;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The engines that a suite measures: those of JMH's parameter {@code engine}, in which {@code auto}
 * is what is taken for a mode where none is named. They are settled before anything is measured,
 * and then are here and have each mode.
 */
final class MeasuredEngines {
  private static final String ENGINE = "engine";

  private MeasuredEngines() {}

  /**
   * Settles them; where none is named, all that are here and have the modes.
   *
   * @throws IllegalArgumentException if there is no such engine or mode, or it lacks the mode
   * @throws IllegalStateException if the engine is not here
   */
  static Options orAll(Options jmhOptions) {
    List<MeasuredMode> modes = modes(jmhOptions);
    return settled(
        jmhOptions,
        CipherEngine.all().stream()
            .filter(engine ->
                engine.unavailableBecause().isEmpty()
                    && modes.stream().allMatch(mode -> mode.isOf(engine)))
            .map(CipherEngine::name)
            .toList());
  }

  /** The same, but where none is named, {@code auto}. */
  static Options orAuto(Options jmhOptions) {
    return settled(jmhOptions, List.of(EngineSelection.AUTO));
  }

  private static Options settled(Options jmhOptions, List<String> otherwise) {
    Collection<String> named = jmhOptions.getParameter(ENGINE).orElse(otherwise);
    List<MeasuredMode> modes = modes(jmhOptions);
    String[] names =
        named.stream()
            .flatMap(name ->
                name.equals(EngineSelection.AUTO)
                    ? modes.stream().map(mode -> mode.fastest().name())
                    : Stream.of(name))
            .distinct()
            .toArray(String[]::new);
    for (String name : names) {
      CipherEngine engine = CipherEngine.named(name);
      for (MeasuredMode mode : modes) {
        if (!mode.isOf(engine)) {
          throw new IllegalArgumentException(name + " does not have " + mode.constantName());
        }
      }
    }
    return new OptionsBuilder().parent(jmhOptions).param(ENGINE, names).build();
  }

  /** Without the parameter {@code mode}, the one that all benchmarks begin with. */
  private static List<MeasuredMode> modes(Options jmhOptions) {
    return jmhOptions.getParameter("mode").orElse(List.of(CryptoMode.AES_256_XTS.name())).stream()
        .map(MeasuredMode::ofConstant)
        .toList();
  }
}
