package blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.fault.Fault;
import blockdev.fault.FaultPlan;
import blockdev.media.MemoryMedium;
import blockdev.nvme.controller.LbaFormat;
import blockdev.queue.HardwareQueue;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Timeouts, Abort and controller resets, as the block layer sees them. */
@Timeout(20)
class ControllerResetTest {
  private static final long SECOND_NS = 1_000_000_000L;

  @Test
  void aCommandThatHangsIsAbortedAfterThirtySecondsAndIssuedAgain() {
    try (Machine machine = new Machine("hang:lba=0")) {
      Bio write = machine.start(BioOp.WRITE, 0, 0x55);
      machine.await(write);
      assertThat(write.status()).isEqualTo(BioStatus.OK);
      assertThat(machine.nowNs()).isBetween(30 * SECOND_NS, 32 * SECOND_NS);
      assertThat(machine.simulation.driver().aborts()).isEqualTo(1);
      assertThat(machine.simulation.driver().resets()).isZero();
      assertThat(machine.simulation.queue().counters().requeues()).isEqualTo(1);
      assertThat(machine.medium.segment().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 0x55);
    }
  }

  @Test
  void oneThatHangsEachTimeEndsWithTimeout() {
    try (Machine machine = new Machine("hang:lba=0,times=all")) {
      Bio write = machine.start(BioOp.WRITE, 0, 0x55);
      machine.await(write);
      assertThat(write.status()).isEqualTo(BioStatus.TIMEOUT);
      assertThat(machine.simulation.driver().aborts()).as("retries, and once more").isEqualTo(6);
      Bio other = machine.start(BioOp.WRITE, 8, 0x66);
      machine.await(other);
      assertThat(other.status()).isEqualTo(BioStatus.OK);
    }
  }

  @Test
  void aStuckQueueIsResetAfterAMinuteAndLosesNothing() {
    try (Machine machine = new Machine("stuck-queue:lba=8")) {
      List<Bio> bios = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        bios.add(machine.start(BioOp.WRITE, 8 * i, 0x10 + i));
      }
      bios.forEach(machine::await);
      assertThat(bios).extracting(Bio::status).containsOnly(BioStatus.OK);
      assertThat(machine.nowNs()).isBetween(60 * SECOND_NS, 64 * SECOND_NS);
      assertThat(machine.simulation.driver().resets()).isEqualTo(1);
      for (int i = 0; i < 10; i++) {
        assertThat(machine.medium.segment().get(ValueLayout.JAVA_BYTE, 4096L * i))
            .isEqualTo((byte) (0x10 + i));
      }
    }
  }

  @ParameterizedTest(name = "virtual time: {0}")
  @CsvSource({"true", "false"})
  void keysAreProgrammedAgainBeforeWhatWasUnderWayGoesOn(boolean virtualTime) {
    SimulationConfig config = SimulationConfig.defaults();
    try (Machine machine = new Machine(virtualTime ? config : config.withImmediateTime());
        CryptoKey key = key()) {
      Bio first = machine.startEncrypted(BioOp.WRITE, 0, key);
      machine.await(first);
      machine.queue.startPlug();
      Bio underWay = machine.startEncrypted(BioOp.WRITE, 8, key);
      machine.queue.finishPlug();
      machine.reset();
      machine.await(underWay);
      Bio later = machine.startEncrypted(BioOp.READ, 0, key);
      machine.await(later);
      assertThat(List.of(underWay.status(), later.status())).containsOnly(BioStatus.OK);
      assertThat(machine.simulation.queue().keyslots().counters().reprograms()).isEqualTo(1);
      assertThat(machine.simulation.queue().keyslots().counters().misses()).isEqualTo(1);
      machine.evict(key);
    }
  }

  @Test
  void resetsInARowLeaveAWorkingDevice() {
    try (Machine machine = new Machine(SimulationConfig.defaults())) {
      for (int i = 0; i < 5; i++) {
        Bio bio = machine.start(BioOp.WRITE, 8 * i, i);
        machine.reset();
        machine.await(bio);
        assertThat(bio.status()).isEqualTo(BioStatus.OK);
      }
      assertThat(machine.simulation.driver().resets()).isEqualTo(5);
    }
  }

  @Test
  void aResetAtAnyEventEndsEachRequestOnce() {
    for (int events = 0; events < 40; events++) {
      try (Machine machine = new Machine(SimulationConfig.defaults())) {
        machine
            .simulation
            .time()
            .afterEvents(events, () -> machine.simulation.resetController(result -> {}));
        for (int i = 0; i < 3; i++) {
          Bio bio = machine.start(BioOp.WRITE, 8 * i, 0x10 + i);
          machine.await(bio);
          assertThat(bio.status()).as("reset after %d events", events).isEqualTo(BioStatus.OK);
        }
      }
    }
  }

  @Test
  void eachNamespaceIsABlockDevice() {
    DeviceModel device =
        SimulationConfig.defaults()
            .device()
            .withMoreNamespaces(new NamespaceModel(1 << 20, new LbaFormat(512)));
    try (Machine machine = new Machine(SimulationConfig.defaults().withDevice(device))) {
      assertThat(machine.simulation.queue(1).capacitySectors()).isEqualTo(3 << 20 >> 9);
      assertThat(machine.simulation.queue(2).capacitySectors()).isEqualTo(1 << 20 >> 9);
      assertThat(machine.simulation.queue(2).limits().logicalBlockBytes()).isEqualTo(512);
      Bio bio = new Bio(1, ended -> {}).reset(BioOp.WRITE, 1);
      WaitPoint done = new WaitPoint();
      bio = new Bio(1, ended -> done.signal()).reset(BioOp.WRITE, 1);
      machine.fill(0x77);
      bio.addSegment(machine.page, 512);
      HardwareQueue second = machine.simulation.queue(2).submitter();
      second.submit(bio);
      second.await(done);
      assertThat(bio.status()).isEqualTo(BioStatus.OK);
      long at = (3 << 20) + 512;
      assertThat(machine.medium.segment().get(ValueLayout.JAVA_BYTE, at)).isEqualTo((byte) 0x77);
      assertThat(machine.medium.segment().get(ValueLayout.JAVA_BYTE, at - 1)).isZero();
    }
  }

  private static CryptoKey key() {
    byte[] raw = new byte[64];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (byte) i;
    }
    return new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, 4096, 8), raw);
  }

  /** A device of 4 MiB with one thread that writes pages. */
  private static final class Machine implements AutoCloseable {
    final MemoryMedium medium = new MemoryMedium(4 << 20);
    final Simulation simulation;
    final HardwareQueue queue;
    final long page;
    private final List<WaitPoint> ends = new ArrayList<>();
    private final List<Bio> bios = new ArrayList<>();

    Machine(String fault) {
      this(SimulationConfig.defaults().withFaults(new FaultPlan(1, Fault.parse(fault))));
    }

    Machine(SimulationConfig config) {
      simulation = new Simulation(config, medium);
      queue = simulation.queue().submitter();
      page = simulation.queue().memory().allocate(4096);
    }

    void fill(int value) {
      simulation.queue().memory().segment().asSlice(page, 4096).fill((byte) value);
    }

    Bio start(BioOp op, int sector, int value) {
      long own = simulation.queue().memory().allocate(4096);
      simulation.queue().memory().segment().asSlice(own, 4096).fill((byte) value);
      return submit(op, sector, own, null);
    }

    Bio startEncrypted(BioOp op, int sector, CryptoKey key) {
      return submit(op, sector, page, key);
    }

    private Bio submit(BioOp op, int sector, long memory, @Nullable CryptoKey key) {
      WaitPoint end = new WaitPoint();
      Bio bio = new Bio(1, ended -> end.signal()).reset(op, sector);
      bio.addSegment(memory, 4096);
      if (key != null) {
        bio.crypt().set(key, sector);
      }
      bio.noMerge();
      bios.add(bio);
      ends.add(end);
      queue.submit(bio);
      return bio;
    }

    void await(Bio bio) {
      queue.await(ends.get(bios.indexOf(bio)));
    }

    void reset() {
      WaitPoint over = new WaitPoint();
      Errno[] told = new Errno[1];
      simulation.resetController(result -> {
        told[0] = result;
        over.signal();
      });
      queue.await(over);
      assertThat(told[0]).isEqualTo(Errno.OK);
    }

    void evict(CryptoKey key) {
      WaitPoint over = new WaitPoint();
      simulation.queue().evict(key, result -> over.signal());
      queue.await(over);
    }

    long nowNs() {
      return simulation.time().nowNs();
    }

    @Override
    public void close() {
      simulation.close();
      medium.close();
    }
  }
}
