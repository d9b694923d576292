package blockdev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.media.MemoryMedium;
import blockdev.media.NullMedium;
import blockdev.nvme.controller.LbaFormat;
import blockdev.queue.BioSubmitter;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Devices whose blocks have metadata, below a block layer that has none. */
class BlockMetadataTest {
  private static final LbaFormat PROTECTED = new LbaFormat(4096, 8).withProtection(false);

  static Stream<LbaFormat> formats() {
    return Stream.of(
        new LbaFormat(4096, 8),
        new LbaFormat(4096, 16),
        new LbaFormat(4096, 64),
        PROTECTED,
        PROTECTED.withExtended(true),
        new LbaFormat(4096, 16).withProtection(true),
        new LbaFormat(4096, 64).withProtection(false));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void dataAreReadBackAndUnwrittenOnesAreZeroes(LbaFormat format) {
    try (Machine machine = new Machine(format)) {
      assertThat(machine.simulation.queue().limits().hasIntegrity()).isTrue();
      assertThat(machine.simulation.queue().capacitySectors())
          .isEqualTo((1 << 20) / (4096 + format.metadataBytes()) * 8L);
      byte[] data = machine.fill(1, 65536);
      assertThat(machine.run(BioOp.WRITE, 32, 65536)).isEqualTo(BioStatus.OK);
      machine.fill(2, 65536);
      assertThat(machine.run(BioOp.READ, 32, 65536)).isEqualTo(BioStatus.OK);
      assertThat(machine.bytes(65536)).isEqualTo(data);
      assertThat(machine.run(BioOp.READ, 160, 4096)).isEqualTo(BioStatus.OK);
      assertThat(machine.bytes(4096)).containsOnly(0);
      assertThat(machine.range(BioOp.WRITE_ZEROES, 40, 8)).isEqualTo(BioStatus.OK);
      assertThat(machine.range(BioOp.DISCARD, 48, 8)).isEqualTo(BioStatus.OK);
      assertThat(machine.run(BioOp.READ, 32, 65536)).isEqualTo(BioStatus.OK);
      java.util.Arrays.fill(data, 4096, 12288, (byte) 0);
      assertThat(machine.bytes(65536)).isEqualTo(data);
    }
  }

  @Test
  void whatChangedOnTheMediumIsAnErrorOfProtectionAndNotOtherData() {
    try (Machine machine = new Machine(PROTECTED)) {
      machine.fill(1, 16384);
      assertThat(machine.run(BioOp.WRITE, 0, 16384)).isEqualTo(BioStatus.OK);
      machine.medium.segment().set(ValueLayout.JAVA_BYTE, 9000, (byte) 0);
      assertThat(machine.run(BioOp.READ, 0, 8192)).isEqualTo(BioStatus.OK);
      assertThat(machine.run(BioOp.READ, 0, 16384)).isEqualTo(BioStatus.PROTECTION);
      machine.fill(1, 4096);
      assertThat(machine.run(BioOp.WRITE, 16, 4096)).isEqualTo(BioStatus.OK);
      assertThat(machine.run(BioOp.READ, 0, 16384)).isEqualTo(BioStatus.OK);
    }
  }

  @Test
  void blocksThatWereSwappedAreAnErrorOfProtection() {
    try (Machine machine = new Machine(PROTECTED)) {
      machine.fill(1, 8192);
      assertThat(machine.run(BioOp.WRITE, 0, 8192)).isEqualTo(BioStatus.OK);
      MemorySegment medium = machine.medium.segment();
      MemorySegment.copy(medium, 0, medium, 4096, 4096);
      long tuples = 255 * 4096;
      MemorySegment.copy(medium, tuples, medium, tuples + 8, 8);
      assertThat(machine.run(BioOp.READ, 8, 4096)).isEqualTo(BioStatus.PROTECTION);
      assertThat(machine.run(BioOp.READ, 0, 4096)).isEqualTo(BioStatus.OK);
    }
  }

  @Test
  void aDeviceWithProtectionInformationEncryptsNothingAndTheFallbackDoes() {
    try (Machine machine = new Machine(PROTECTED);
        CryptoKey key = key()) {
      assertThat(machine.simulation.queue().profile().hasModes()).isFalse();
      assertThat(machine.simulation.blkCrypto().startUsing(machine.simulation.queue(), key))
          .isEqualTo(Errno.OK);
      byte[] data = machine.fill(1, 8192);
      assertThat(machine.run(BioOp.WRITE, 0, 8192, key)).isEqualTo(BioStatus.OK);
      byte[] resting = machine.medium.segment().asSlice(0, 8192).toArray(ValueLayout.JAVA_BYTE);
      assertThat(resting).isNotEqualTo(data);
      machine.fill(2, 8192);
      assertThat(machine.run(BioOp.READ, 0, 8192, key)).isEqualTo(BioStatus.OK);
      assertThat(machine.bytes(8192)).isEqualTo(data);
      assertThat(machine.simulation.queue().keyslots().counters().programs()).isZero();
      machine.simulation.blkCrypto().evict(machine.simulation.queue(), key, result -> {});
    }
  }

  @Test
  void whereMetadataStandsBetweenTheDataThereIsNoCapacity() {
    try (Machine machine = new Machine(new LbaFormat(4096, 16).withExtended(true))) {
      assertThat(machine.simulation.queue().capacitySectors()).isZero();
      assertThat(machine.run(BioOp.READ, 0, 4096)).isEqualTo(BioStatus.IOERR);
    }
  }

  @Test
  void protectionInformationNeedsBytes() {
    SimulationConfig config =
        SimulationConfig.defaults().withDevice(DeviceModel.ufs(4).withFormat(PROTECTED));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Simulation(config, new NullMedium(1 << 20)));
  }

  private static CryptoKey key() {
    byte[] raw = new byte[64];
    raw[0] = 1;
    return new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, 4096, 8), raw);
  }

  /** A device on a medium of 1 MiB. */
  private static final class Machine implements AutoCloseable {
    final MemoryMedium medium = new MemoryMedium(1 << 20);
    final Simulation simulation;
    final BioSubmitter submitter;
    final long page;

    Machine(LbaFormat format) {
      SimulationConfig defaults = SimulationConfig.defaults();
      simulation =
          new Simulation(
              defaults
                  .withDevice(DeviceModel.ufs(4).withFormat(format))
                  .withHost(defaults.host().withQueueDepth(8)),
              medium);
      submitter = simulation.blkCrypto().submitter(simulation.queue());
      page = simulation.queue().memory().allocate(65536);
    }

    byte[] fill(int seed, int bytes) {
      byte[] data = new byte[bytes];
      new Random(seed).nextBytes(data);
      MemorySegment memory = simulation.queue().memory().segment();
      MemorySegment.copy(data, 0, memory, ValueLayout.JAVA_BYTE, page, bytes);
      return data;
    }

    byte[] bytes(int count) {
      MemorySegment memory = simulation.queue().memory().segment();
      return memory.asSlice(page, count).toArray(ValueLayout.JAVA_BYTE);
    }

    BioStatus run(BioOp op, long sector, int bytes) {
      WaitPoint done = new WaitPoint();
      Bio bio = new Bio(1, ended -> done.signal()).reset(op, sector);
      bio.addSegment(page, bytes);
      return submit(bio, done);
    }

    BioStatus run(BioOp op, long sector, int bytes, CryptoKey key) {
      WaitPoint done = new WaitPoint();
      Bio bio = new Bio(1, ended -> done.signal()).reset(op, sector);
      bio.addSegment(page, bytes);
      bio.crypt().set(key, 5);
      return submit(bio, done);
    }

    BioStatus range(BioOp op, long sector, int sectors) {
      WaitPoint done = new WaitPoint();
      return submit(new Bio(0, ended -> done.signal()).reset(op, sector).range(sectors), done);
    }

    private BioStatus submit(Bio bio, WaitPoint done) {
      submitter.submit(bio);
      submitter.await(done);
      return bio.status();
    }

    @Override
    public void close() {
      simulation.close();
      medium.close();
    }
  }
}
