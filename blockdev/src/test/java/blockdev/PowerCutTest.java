package blockdev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import blockdev.DurabilityModel.Write;
import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.media.MemoryMedium;
import blockdev.media.NullMedium;
import blockdev.memory.HostMemory;
import blockdev.queue.HardwareQueue;
import blockdev.sim.SimulationEnded;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Seeded writes, some of them encrypted, and flushes on a device whose power is cut, read back
 * after it came again. The upper half of the blocks has a key.
 */
@Timeout(60)
class PowerCutTest {
  private static final int BLOCKS = 32;
  private static final byte[] RAW_KEY = new byte[64];

  static {
    new Random(99).nextBytes(RAW_KEY);
  }

  private sealed interface Step {
    record WriteBlocks(int block, int blocks, boolean forceUnitAccess) implements Step {}

    record Flush() implements Step {}

    /** Lets everything under way complete. */
    record Settle() implements Step {}
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aCutAtEachEventOfASmallRunLeavesWhatTheRulesAllow(long seed) {
    List<Step> steps = steps(seed, 12);
    int events = 0;
    while (runAndCheck(4096, seed, steps, events).cut) {
      events++;
    }
    assertThat(events).as("events of %s", steps).isGreaterThan(20);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void aCutAnywhereInALargerRunLeavesWhatTheRulesAllow(long seed) {
    int blockBytes = seed % 2 == 0 ? 512 : 4096;
    List<Step> steps = steps(seed, 150);
    int fallenBack = 0;
    int cuts = 0;
    Random chance = new Random(seed);
    for (int run = 0; run < 4; run++) {
      Outcome outcome = runAndCheck(blockBytes, seed, steps, chance.nextInt(600));
      fallenBack += outcome.fallenBack;
      cuts += outcome.cut ? 1 : 0;
    }
    assertThat(cuts).isPositive();
    assertThat(fallenBack).as("blocks that lost something").isPositive();
  }

  @Test
  void afterACutNothingIsSubmittedAndNobodyWaits() {
    try (MemoryMedium medium = new MemoryMedium(BLOCKS * 512);
        Machine machine = new Machine(medium, 512, true)) {
      DurabilityModel model = new DurabilityModel(BLOCKS);
      machine.write(model, new Write(0, 1, 7, false));
      machine.simulation.cutPower(1);
      assertThatExceptionOfType(SimulationEnded.class).isThrownBy(machine::settle);
      assertThatExceptionOfType(SimulationEnded.class).isThrownBy(() -> machine.flush(model));
      assertThatExceptionOfType(SimulationEnded.class)
          .isThrownBy(() -> machine.simulation.cutPower(1));
    }
  }

  @Test
  void aWriteUnderWayIsDoneOrNotOrDoneForSomeOfItsBlocks() {
    Set<Integer> done = new TreeSet<>();
    for (int seed = 0; seed < 100; seed++) {
      try (MemoryMedium medium = new MemoryMedium(BLOCKS * 512)) {
        try (Machine machine = new Machine(medium, 512, true)) {
          DurabilityModel model = new DurabilityModel(BLOCKS);
          machine.write(model, new Write(0, 3, 7, true));
          machine.simulation.cutPowerAfter(1, seed); // it is fetched then, and not executed
          assertThatExceptionOfType(SimulationEnded.class).isThrownBy(machine::settle);
        }
        int blocks = 0;
        for (int block = 0; block < 3; block++) {
          long word = medium.segment().get(ValueLayout.JAVA_LONG, block * 512L);
          blocks |= word == 0 ? 0 : 1 << block;
        }
        done.add(blocks);
      }
    }
    assertThat(done).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void whatACutLeavesFollowsItsSeed() {
    List<Step> steps = steps(5, 60);
    assertThat(left(steps, 1)).isEqualTo(left(steps, 1)).isNotEqualTo(left(steps, 2));
  }

  private static byte[] left(List<Step> steps, long seed) {
    try (MemoryMedium medium = new MemoryMedium(BLOCKS * 512)) {
      try (Machine machine = new Machine(medium, 512, true)) {
        DurabilityModel model = new DurabilityModel(BLOCKS);
        for (int i = 0; i < steps.size(); i++) {
          machine.run(model, steps.get(i), i + 1);
        }
        machine.simulation.cutPower(seed);
      }
      return medium.segment().toArray(ValueLayout.JAVA_BYTE);
    }
  }

  @Test
  void powerCanBeCutOnlyWhereTheConfigurationSaysSo() {
    try (MemoryMedium medium = new MemoryMedium(BLOCKS * 512);
        Machine machine = new Machine(medium, 512, false)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> machine.simulation.cutPower(1))
          .withMessage("the configuration is not withPowerCuts");
    }
  }

  @Test
  void immediateTimeHasNoInstantAtWhichPowerCouldBeCut() {
    SimulationConfig config = SimulationConfig.defaults().withPowerCuts().withImmediateTime();
    try (MemoryMedium medium = new MemoryMedium(1 << 20)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Simulation(config, medium))
          .withMessage("power cuts and faults need virtual time");
    }
  }

  @Test
  void aMediumWithoutBytesHasNothingToLose() {
    SimulationConfig config = SimulationConfig.defaults().withPowerCuts();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Simulation(config, new NullMedium(1 << 20)))
        .withMessageContaining("needs a medium that holds bytes");
  }

  private record Outcome(boolean cut, int fallenBack) {}

  /** One run until the power is cut after {@code events}, or until its end. */
  private static Outcome runAndCheck(int blockBytes, long seed, List<Step> steps, int events) {
    try (MemoryMedium medium = new MemoryMedium((long) BLOCKS * blockBytes)) {
      DurabilityModel model = new DurabilityModel(BLOCKS);
      boolean cut = false;
      try (Machine machine = new Machine(medium, blockBytes, true)) {
        machine.write(model, new Write(0, BLOCKS, 0, false));
        machine.settle();
        machine.flush(model);
        machine.settle();
        machine.simulation.cutPowerAfter(events, seed + events);
        for (int i = 0; i < steps.size(); i++) {
          machine.run(model, steps.get(i), i + 1);
        }
        machine.settle();
      } catch (SimulationEnded end) {
        cut = true;
      }
      String when = "seed %d, cut after %d events of %s".formatted(seed, events, steps);
      return new Outcome(cut, check(medium, blockBytes, model, cut, when));
    }
  }

  private static int check(
      MemoryMedium medium, int blockBytes, DurabilityModel model, boolean cut, String when) {
    int fallenBack = 0;
    try (Machine machine = new Machine(medium, blockBytes, false)) {
      for (int block = 0; block < BLOCKS; block++) {
        int value = machine.read(block);
        List<Integer> allowed = model.allowed(block);
        if (cut) {
          assertThat(value).as("block %d, %s", block, when).isIn(allowed);
        } else {
          assertThat(value).as("block %d, %s", block, when).isEqualTo(allowed.getLast());
        }
        fallenBack += value == allowed.getLast() ? 0 : 1;
      }
    }
    return fallenBack;
  }

  private static List<Step> steps(long seed, int count) {
    Random chance = new Random(seed);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int kind = chance.nextInt(12);
      int blocks = 1 + chance.nextInt(4);
      steps.add(
          kind == 0
              ? new Step.Settle()
              : kind == 1
                  ? new Step.Flush()
                  : new Step.WriteBlocks(
                      chance.nextInt(BLOCKS - blocks + 1), blocks, chance.nextInt(5) == 0));
    }
    return steps;
  }

  /** A simulation and one thread that writes, flushes and reads. */
  private static final class Machine implements AutoCloseable {
    final Simulation simulation;
    final HardwareQueue queue;
    private final int blockBytes;
    private final HostMemory host;
    private final CryptoKey key;
    private final boolean[] underWay = new boolean[BLOCKS];
    private int outstanding;
    private final WaitPoint idle = new WaitPoint();

    Machine(MemoryMedium medium, int blockBytes, boolean powerCuts) {
      this.blockBytes = blockBytes;
      key = new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, blockBytes, 8), RAW_KEY);
      SimulationConfig config =
          SimulationConfig.defaults()
              .withHost(HostModel.DEFAULT.withMemoryBytes(32 << 20))
              .withDevice(DeviceModel.ufs(4).withLogicalBlockBytes(blockBytes));
      simulation = new Simulation(powerCuts ? config.withPowerCuts() : config, medium);
      queue = simulation.queue().submitter();
      host = simulation.queue().memory();
    }

    void run(DurabilityModel model, Step step, int value) {
      switch (step) {
        case Step.WriteBlocks(int block, int blocks, boolean fua) ->
            write(model, new Write(block, blocks, value, fua));
        case Step.Flush() -> flush(model);
        case Step.Settle() -> settle();
      }
    }

    /** Two writes where the range crosses into the half that has the key. */
    void write(DurabilityModel model, Write write) {
      int plain = Math.clamp(BLOCKS / 2 - write.block(), 0, write.blocks());
      writePart(model, write, 0, plain);
      writePart(model, write, plain, write.blocks());
    }

    private void writePart(DurabilityModel model, Write whole, int from, int to) {
      if (from == to) {
        return;
      }
      Write write =
          new Write(whole.block() + from, to - from, whole.value(), whole.forceUnitAccess());
      for (int i = 0; i < write.blocks(); i++) {
        if (underWay[write.block() + i]) {
          settle();
        }
      }
      long page = host.allocate(HostMemory.MAX_RUN_BYTES);
      int bytes = write.blocks() * blockBytes;
      for (int at = 0; at < bytes; at += 8) {
        host.segment()
            .set(
                ValueLayout.JAVA_LONG,
                page + at,
                pattern(write.block() + at / blockBytes, write.value()));
      }
      mark(write, true);
      model.submitted(write);
      start(
          BioOp.WRITE,
          write.block(),
          page,
          bytes,
          write.forceUnitAccess(),
          () -> {
            host.free(page, HostMemory.MAX_RUN_BYTES);
            mark(write, false);
            model.completed(write);
          });
    }

    private void mark(Write write, boolean value) {
      for (int i = 0; i < write.blocks(); i++) {
        underWay[write.block() + i] = value;
      }
    }

    void flush(DurabilityModel model) {
      int[] covered = model.flushSubmitted();
      start(BioOp.FLUSH, 0, 0, 0, false, () -> model.flushCompleted(covered));
    }

    /** The value that all of a block holds. */
    int read(int block) {
      long page = host.allocate(HostMemory.PAGE_BYTES);
      start(BioOp.READ, block, page, blockBytes, false, () -> {});
      settle();
      long first = host.segment().get(ValueLayout.JAVA_LONG, page);
      for (int at = 0; at < blockBytes; at += 8) {
        assertThat(host.segment().get(ValueLayout.JAVA_LONG, page + at))
            .as("block %d is torn at byte %d", block, at)
            .isEqualTo(first);
      }
      host.free(page, HostMemory.PAGE_BYTES);
      int value = (int) (first >>> 32);
      assertThat(first)
          .as("block %d holds what was written to it", block)
          .isEqualTo(pattern(block, value));
      return value;
    }

    private static long pattern(int block, int value) {
      return (long) value << 32 | 0x5EED0000L + block;
    }

    private void start(
        BioOp op, int block, long page, int bytes, boolean forceUnitAccess, Runnable done) {
      Bio bio =
          new Bio(
              1,
              ended -> {
                assertThat(ended.status()).isEqualTo(BioStatus.OK);
                done.run();
                if (--outstanding == 0) {
                  idle.signal();
                }
              });
      bio.reset(op, (long) block * blockBytes / 512);
      if (bytes > 0) {
        bio.addSegment(page, bytes);
        if (block >= BLOCKS / 2) {
          bio.crypt().set(key, block);
        }
      }
      if (forceUnitAccess) {
        bio.forceUnitAccess();
      }
      outstanding++;
      queue.submit(bio);
    }

    void settle() {
      if (outstanding > 0) {
        idle.reset();
        queue.await(idle);
      }
    }

    @Override
    public void close() {
      simulation.close();
    }
  }
}
