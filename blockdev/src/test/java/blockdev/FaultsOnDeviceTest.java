package blockdev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.fault.Fault;
import blockdev.fault.FaultKind;
import blockdev.fault.FaultPlan;
import blockdev.media.MemoryMedium;
import blockdev.media.NullMedium;
import blockdev.memory.HostMemory;
import blockdev.queue.HardwareQueue;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of fault as the host meets it: on a device with blocks of 4096 bytes. */
@Timeout(20)
class FaultsOnDeviceTest {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 64;

  @Test
  void aBlockThatCannotBeReadFailsUntilThePlanSaysOtherwise() {
    try (Device device = new Device("read-error:lba=3,times=2")) {
      assertThat(device.write(0, 8, 1)).isEqualTo(BioStatus.OK);
      assertThat(device.read(0, 3)).isEqualTo(BioStatus.OK);
      assertThat(device.read(0, 4)).isEqualTo(BioStatus.MEDIUM);
      assertThat(device.read(3, 1)).isEqualTo(BioStatus.MEDIUM);
      assertThat(device.read(3, 1)).isEqualTo(BioStatus.OK);
      assertThat(device.contents(0, 8)).containsOnly(1);
      assertThat(device.happened(FaultKind.READ_ERROR)).isEqualTo(2);
    }
  }

  @Test
  void aWriteThatFailsHasWrittenTheBlocksBeforeTheBadOne() {
    try (Device device = new Device("write-error:lba=2,nth=2")) {
      assertThat(device.write(0, 4, 1)).isEqualTo(BioStatus.OK);
      assertThat(device.write(0, 4, 2)).isEqualTo(BioStatus.MEDIUM);
      assertThat(device.contents(0, 4)).containsExactly(2, 2, 1, 1);
      assertThat(device.write(0, 4, 3)).isEqualTo(BioStatus.OK);
      assertThat(device.contents(0, 4)).containsOnly(3);
    }
  }

  @Test
  void aFlushThatFailsSaysSo() {
    try (Device device = new Device("flush-error")) {
      assertThat(device.flush()).isEqualTo(BioStatus.MEDIUM);
      assertThat(device.flush()).isEqualTo(BioStatus.OK);
      assertThat(device.happened(FaultKind.FLUSH_ERROR)).isEqualTo(1);
    }
  }

  @Test
  void aLostWriteIsAcknowledgedAndTheOldContentsStay() {
    try (Device device = new Device("lost-write:nth=2")) {
      assertThat(device.write(4, 2, 1)).isEqualTo(BioStatus.OK);
      assertThat(device.write(4, 2, 2)).isEqualTo(BioStatus.OK);
      assertThat(device.contents(4, 2)).containsOnly(1);
    }
  }

  @Test
  void aMisdirectedWriteIsAcknowledgedAndLandsElsewhere() {
    try (Device device = new Device("misdirected-write:lba=4,nth=2")) {
      device.write(0, BLOCKS, 1);
      assertThat(device.write(4, 1, 2)).isEqualTo(BioStatus.OK);
      List<Integer> all = device.contents(0, BLOCKS);
      assertThat(all.get(4)).isEqualTo(1);
      assertThat(all).as("it hit another block").containsOnlyOnce(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bit-rot:lba=5", "bit-rot:lba=5,at=1ms"})
  void aBitThatRotsIsWrongFromThenOn(String fault) {
    try (Device device = new Device(fault)) {
      device.write(4, 2, 1);
      byte[] written = device.medium();
      device.pause(2_000_000);
      assertThat(device.read(4, 2)).isEqualTo(BioStatus.OK);
      byte[] rotten = device.medium();
      assertThat(bitsThatDiffer(written, rotten)).isEqualTo(1);
      assertThat(Arrays.mismatch(written, rotten) / BLOCK).isEqualTo(5);
      assertThat(device.read(4, 2)).isEqualTo(BioStatus.OK);
      assertThat(device.medium()).isEqualTo(rotten);
      assertThat(device.happened(FaultKind.BIT_ROT)).isEqualTo(1);
    }
  }

  private static long bitsThatDiffer(byte[] one, byte[] other) {
    return LongStream.range(0, one.length)
        .map(i -> Integer.bitCount((one[(int) i] ^ other[(int) i]) & 0xFF))
        .sum();
  }

  @Test
  void aBitThatRotsInCiphertextGarblesItsDataUnitOnly() {
    try (Device device = new Device("bit-rot:lba=5")) {
      device.useKey();
      device.write(4, 3, 1);
      assertThat(device.contents(4, 3)).containsExactly(1, Device.GARBAGE, 1);
    }
  }

  @Test
  void aSlotThatIsNotProgrammedFailsItsRequestsAndTheNextTryWorks() {
    try (Device device = new Device("program-error")) {
      device.useKey();
      assertThat(device.write(0, 1, 1)).isEqualTo(BioStatus.IOERR);
      assertThat(device.write(0, 1, 2)).isEqualTo(BioStatus.OK);
      assertThat(device.contents(0, 1)).containsExactly(2);
      assertThat(device.happened(FaultKind.PROGRAM_ERROR)).isEqualTo(1);
    }
  }

  /** Nobody is told. Only what is read once the right key is back shows it. */
  @Test
  void aSlotWithTheWrongKeyShowsInWhatIsReadWithTheRightOne() {
    try (Device device = new Device("wrong-key")) {
      device.useKey();
      assertThat(device.write(0, 2, 1)).isEqualTo(BioStatus.OK);
      assertThat(device.contents(0, 2)).as("the same wrong key opens it").containsOnly(1);
      device.evictKey();
      assertThat(device.read(0, 2)).isEqualTo(BioStatus.OK);
      assertThat(device.contents(0, 2)).containsOnly(Device.GARBAGE);
      assertThat(device.happened(FaultKind.WRONG_KEY)).isEqualTo(1);
    }
  }

  @Test
  void aKeyThatCannotBeProgrammedAgainAfterAResetFailsItsRequestsUntilItIsEvicted() {
    try (Device device = new Device("program-error:nth=2")) {
      device.useKey();
      device.write(0, 1, 1);
      device.resetCryptoUnit();
      assertThat(device.simulation.queue().keyslots().counters().failedPrograms()).isEqualTo(1);
      assertThat(device.read(0, 1)).isEqualTo(BioStatus.IOERR);
      device.evictKey();
      assertThat(device.contents(0, 1)).containsExactly(1);
    }
  }

  @Test
  void aWrongKeyAfterAResetShowsInWhatWasWrittenBefore() {
    try (Device device = new Device("wrong-key:nth=2")) {
      device.useKey();
      device.write(0, 1, 1);
      device.resetCryptoUnit();
      assertThat(device.contents(0, 1)).containsExactly(Device.GARBAGE);
      device.evictKey();
      assertThat(device.contents(0, 1)).as("the data was never harmed").containsExactly(1);
    }
  }

  @Test
  void theSamePlanDoesTheSame() {
    assertThat(afterRandomFaults(1)).isEqualTo(afterRandomFaults(1));
    assertThat(afterRandomFaults(1)).isNotEqualTo(afterRandomFaults(2));
  }

  private static List<Object> afterRandomFaults(long seed) {
    FaultPlan plan =
        new FaultPlan(
            seed,
            Fault.parse("write-error:p=0.2"),
            Fault.parse("misdirected-write:p=0.2"),
            Fault.parse("lost-write:p=0.2"),
            Fault.parse("bit-rot:p=0.2"),
            Fault.parse("read-error:p=0.2"));
    try (Device device = new Device(plan)) {
      List<Object> log = new ArrayList<>();
      Random chance = new Random(5);
      for (int i = 0; i < 100; i++) {
        int block = chance.nextInt(BLOCKS - 4);
        int blocks = 1 + chance.nextInt(4);
        log.add(chance.nextBoolean() ? device.write(block, blocks, i) : device.read(block, blocks));
      }
      log.add(device.medium());
      log.add(device.simulation.eventLogHash());
      log.add(device.simulation.faults().toString());
      return List.of(Arrays.deepToString(log.toArray()));
    }
  }

  @Test
  void faultsNeedVirtualTimeAndSilentOnesAMediumWithBytes() {
    SimulationConfig config =
        SimulationConfig.defaults().withFaults(new FaultPlan(1, Fault.of(FaultKind.LOST_WRITE)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Simulation(config, new NullMedium(1 << 20)))
        .withMessageContaining("nobody would see some of these faults");
    try (MemoryMedium medium = new MemoryMedium(1 << 20)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Simulation(config.withImmediateTime(), medium))
          .withMessageContaining("virtual time");
    }
    SimulationConfig loud =
        SimulationConfig.defaults().withFaults(new FaultPlan(1, Fault.of(FaultKind.READ_ERROR)));
    try (Simulation simulation = new Simulation(loud, new NullMedium(1 << 20))) {
      assertThat(simulation.faults().total()).isZero();
    }
  }

  @Test
  void aBitCannotRotWhereThereIsNoBlock() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Device("bit-rot:lba=64,at=1ms").close())
        .withMessageContaining("there are no such blocks");
  }

  /** Asked one thing at a time. A block holds one value in all its bytes. */
  private static final class Device implements AutoCloseable {
    static final int GARBAGE = -1;

    private final MemoryMedium medium = new MemoryMedium(BLOCKS * BLOCK);
    final Simulation simulation;
    private final HardwareQueue queue;
    private final MemorySegment memory;
    private final long pages;
    private CryptoKey key;

    Device(String... faults) {
      this(new FaultPlan(1, Arrays.stream(faults).map(Fault::parse).toList()));
    }

    Device(FaultPlan plan) {
      simulation =
          new Simulation(
              SimulationConfig.defaults()
                  .withHost(HostModel.DEFAULT.withMemoryBytes(32 << 20))
                  .withFaults(plan),
              medium);
      queue = simulation.queue().submitter();
      HostMemory host = simulation.queue().memory();
      memory = host.segment();
      pages = host.allocate(HostMemory.MAX_RUN_BYTES);
    }

    /** From now on blocks are encrypted, each under its number. */
    void useKey() {
      byte[] raw = new byte[64];
      new Random(3).nextBytes(raw);
      key = new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, BLOCK, 8), raw);
    }

    void resetCryptoUnit() {
      WaitPoint over = new WaitPoint();
      simulation.resetCryptoUnit(result -> over.signal());
      queue.await(over);
    }

    void evictKey() {
      WaitPoint over = new WaitPoint();
      simulation.queue().evict(key, result -> over.signal());
      queue.await(over);
    }

    /** In requests of up to 16 blocks; the status of the last. */
    BioStatus write(int block, int blocks, int value) {
      BioStatus status = BioStatus.OK;
      for (int at = block; at < block + blocks; at += 16) {
        int count = Math.min(16, block + blocks - at);
        memory.asSlice(pages, (long) count * BLOCK).fill((byte) value);
        status = run(BioOp.WRITE, at, count);
      }
      return status;
    }

    BioStatus read(int block, int blocks) {
      return run(BioOp.READ, block, blocks);
    }

    BioStatus flush() {
      return run(BioOp.FLUSH, 0, 0);
    }

    /** The value in each of the blocks, or {@link #GARBAGE}. */
    List<Integer> contents(int block, int blocks) {
      List<Integer> values = new ArrayList<>();
      for (int at = block; at < block + blocks; at++) {
        assertThat(read(at, 1)).isEqualTo(BioStatus.OK);
        byte[] bytes = memory.asSlice(pages, BLOCK).toArray(ValueLayout.JAVA_BYTE);
        byte[] whole = new byte[BLOCK];
        Arrays.fill(whole, bytes[0]);
        values.add(Arrays.equals(bytes, whole) ? (int) bytes[0] : GARBAGE);
      }
      return values;
    }

    private BioStatus run(BioOp op, int block, int blocks) {
      WaitPoint done = new WaitPoint();
      Bio bio = new Bio(1, ended -> done.signal()).reset(op, (long) block * BLOCK / 512);
      if (blocks > 0) {
        bio.addSegment(pages, blocks * BLOCK);
        if (key != null) {
          bio.crypt().set(key, block);
        }
      }
      queue.submit(bio);
      queue.await(done);
      return bio.status();
    }

    void pause(long durationNs) {
      WaitPoint over = new WaitPoint();
      queue.thread().events().schedule(over::signal, durationNs);
      queue.await(over);
    }

    long happened(FaultKind kind) {
      return simulation.faults().happened(kind);
    }

    byte[] medium() {
      return medium.segment().toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public void close() {
      simulation.close();
      medium.close();
    }
  }
}
