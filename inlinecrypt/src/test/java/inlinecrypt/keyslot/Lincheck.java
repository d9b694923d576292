package inlinecrypt.keyslot;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/**
 * What Lincheck is told; its chance is seeded, so each run checks the same interleavings.
 *
 * <p>Lincheck 3.7 switches threads before {@code compareAndSet} and not before {@code
 * compareAndExchange}, so code that is to be checked uses the former.
 */
final class Lincheck {
  private static final String[] NO_SWITCH_INSIDE = {
    "inlinecrypt.CryptoKey",
    "inlinecrypt.CryptoConfig",
    "inlinecrypt.keyslot.ArrivalQueue",
    "inlinecrypt.keyslot.KeyslotStats",
    "inlinecrypt.keyslot.LevelOverTime",
    "inlinecrypt.keyslot.replacement.Lru"
  };

  private static final int INTERLEAVINGS = 200; // enough to find each step of the protocol missing

  private Lincheck() {}

  /**
   * Runs through interleavings of one scenario.
   *
   * @param test declares the calls, for example {@code put} with one parameter
   * @param before calls, such as "get 0 1, put 0", with their arguments
   * @param parallel calls of each thread
   */
  static void checkScenario(Class<?> test, String before, String parallel, String after) {
    List<List<Actor>> threads =
        Arrays.stream(parallel.split(" \\| ")).map(calls -> actors(test, calls)).toList();
    options()
        .addCustomScenario(
            new ExecutionScenario(actors(test, before), threads, actors(test, after), null))
        .iterations(0)
        .invocationsPerIteration(INTERLEAVINGS)
        .check(test);
  }

  static ModelCheckingOptions options() {
    return new ModelCheckingOptions()
        .addGuarantee(forClasses(NO_SWITCH_INSIDE).allMethods().ignore())
        .sequentialSpecification(AtomicKeyslots.class);
  }

  private static List<Actor> actors(Class<?> test, String calls) {
    return Arrays.stream(calls.split(", ")).map(call -> actor(test, call)).toList();
  }

  private static Actor actor(Class<?> test, String call) {
    String[] words = call.split(" ");
    Method method =
        Arrays.stream(test.getMethods())
            .filter(candidate -> candidate.getName().equals(words[0]))
            .findFirst()
            .orElseThrow();
    return new Actor(method, Arrays.stream(words).skip(1).map(Integer::valueOf).toList());
  }
}
