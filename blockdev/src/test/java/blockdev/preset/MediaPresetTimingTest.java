package blockdev.preset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import blockdev.sim.LoadedDevice;
import blockdev.sim.LoadedDevice.Io;
import blockdev.sim.LoadedDevice.Rate;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether what is published of a medium comes out of the structure that it was made into. */
class MediaPresetTimingTest {
  private static final int PAGE = 4096;
  private static final int SEQUENTIAL_BYTES = 1 << 17;
  private static final long CAPACITY_PAGES = 1 << 20;

  @ParameterizedTest
  @ValueSource(strings = {"emmc51", "ufs21", "ufs30", "ufs31", "ufs40", "optane"})
  void theRatesOfTheTableComeOutAtItsDepth(String name) {
    Figures figures = MediaPreset.named(name).figures();
    int depth = figures.count(Parameter.DEPTH);
    check(figures, Parameter.RANDOM_READ, random(name, false, depth).perSecond());
    check(figures, Parameter.RANDOM_WRITE, random(name, true, depth).perSecond());
    check(figures, Parameter.SEQUENTIAL_READ, sequential(name, false, depth) * 1e6);
    check(figures, Parameter.SEQUENTIAL_WRITE, sequential(name, true, depth) * 1e6);
  }

  private static void check(Figures figures, Parameter parameter, double measured) {
    double published = figures.value(parameter);
    assertThat(measured).as(parameter.label()).isCloseTo(published, within(0.03 * published));
  }

  private static Rate random(String name, boolean write, int depth) {
    Random random = new Random(1);
    return device(name)
        .closedLoop(
            write, PAGE, depth, 2_000, 10_000, () -> random.nextLong(CAPACITY_PAGES) * PAGE);
  }

  private static double sequential(String name, boolean write, int depth) {
    return device(name)
        .closedLoop(write, SEQUENTIAL_BYTES, depth, 200, 600, sequence(SEQUENTIAL_BYTES))
        .megabytesPerSecond();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ufs21", "ufs30", "ufs31", "ufs40"})
  void aReadOfPhoneStorageAtDepthOneTakes90Us(String name) {
    assertThat(device(name).endsNs(Io.read(0, PAGE)).getFirst()).isEqualTo(90_000);
  }

  @Test
  void optaneTakes10UsAtDepthOneEitherWay() {
    assertThat(device("optane").endsNs(Io.read(0, PAGE)).getFirst()).isCloseTo(10_000L, within(2L));
    assertThat(device("optane").endsNs(Io.write(0, PAGE)).getFirst())
        .isCloseTo(10_000L, within(2L));
  }

  /** 21.5 firmware + 35.76 die + 5.12 channel + 1.22 link. */
  @Test
  void aReadOfThe970ProAtDepthOneTakes63Point6Us() {
    assertThat(device("tlc-970pro").endsNs(Io.read(0, PAGE)).getFirst()).isEqualTo(63_600);
  }

  /** 16 dies / 35.76 µs. */
  @Test
  void theDiesOfThe970ProAreItsCeiling() {
    Rate rate = device("tlc-970pro").closedLoop(false, PAGE, 256, 2_000, 50_000, sequence(PAGE));
    assertThat(rate.perSecond()).isCloseTo(16 / 35.76e-6, within(500.0));
    assertThat(rate.perSecond()).isCloseTo(447_000, within(2_000.0));
  }

  /** 1.22 on the link + 4.0 + 0.46 in firmware, and it is in the buffer. */
  @Test
  void aWriteOfThe970ProAtDepthOneEndsInItsBuffer() {
    assertThat(device("tlc-970pro").endsNs(Io.write(0, PAGE)).getFirst()).isEqualTo(5_680);
  }

  @Test
  void nullTakesNoTime() {
    assertThat(device("null").endsNs(Io.read(0, 1 << 20), Io.write(0, 1 << 20)))
        .containsExactly(0L, 0L);
  }

  /** NVMeVirt: done = max(now, busy) + delay + time for each unit touched. */
  @Test
  void simpleWaitsForTheUnitsThatItTouches() {
    assertThat(device("simple").endsNs(Io.read(0, PAGE), Io.read(8 * PAGE, PAGE)))
        .containsExactly(20_000L, 30_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tlc-970pro", "zns-zn540", "zns-proto", "femu"})
  void everyStructureCanBeReadAndWritten(String name) {
    assertThat(random(name, false, 16).perSecond()).isGreaterThan(50_000);
    assertThat(random(name, true, 16).perSecond()).isGreaterThan(50_000);
  }

  private static LongSupplier sequence(long stepBytes) {
    long[] next = {0};
    return () -> next[0]++ * stepBytes;
  }

  private static LoadedDevice device(String name) {
    return new LoadedDevice(MediaPreset.named(name).timing());
  }
}
