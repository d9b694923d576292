package blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.media.MemoryMedium;
import blockdev.queue.HardwareQueue;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole path from a bio to the medium, in both forms of time. */
final class DataPathTest {
  private static final int BYTES = 64 * 1024;
  private static final long SECTOR = 8 * 1000;
  private static final long DUN = 0xFFFF_FFFF_FFFF_FFF8L; // 8 units before the first limb is full

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWrittenBioIsCiphertextOnTheMediumAndPlaintextWhenReadBack(boolean virtualTime) {
    byte[] rawKey = new byte[64];
    byte[] plaintext = new byte[BYTES];
    Random random = new Random(1);
    random.nextBytes(rawKey);
    random.nextBytes(plaintext);
    SimulationConfig defaults = SimulationConfig.defaults();
    SimulationConfig config = virtualTime ? defaults : defaults.withImmediateTime();
    try (MemoryMedium medium = new MemoryMedium(16 << 20);
        Simulation simulation = new Simulation(config, medium);
        CryptoKey key = new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, 4096, 8), rawKey)) {
      HardwareQueue queue = simulation.queue().submitter();
      MemorySegment memory = simulation.queue().memory().segment();
      long page = simulation.queue().memory().allocate(BYTES);
      MemorySegment.copy(plaintext, 0, memory, ValueLayout.JAVA_BYTE, page, BYTES);

      assertThat(run(queue, BioOp.WRITE, key, page)).isEqualTo(BioStatus.OK);
      byte[] onMedium = bytes(medium.segment(), SECTOR * 512);
      byte[] expected = new byte[BYTES];
      try (DataUnitCipher reference =
          CipherEngine.named("reference")
              .prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(rawKey))) {
        reference.encrypt(
            DUN,
            0,
            0,
            0,
            4096,
            MemorySegment.ofArray(plaintext),
            0,
            MemorySegment.ofArray(expected),
            0,
            BYTES);
      }
      assertThat(onMedium).isEqualTo(expected);

      memory.asSlice(page, BYTES).fill((byte) 0);
      assertThat(run(queue, BioOp.READ, key, page)).isEqualTo(BioStatus.OK);
      assertThat(bytes(memory, page)).isEqualTo(plaintext);

      WaitPoint evicted = new WaitPoint();
      simulation.queue().keyslots().evict(key, result -> evicted.signal());
      queue.await(evicted);
    }
  }

  private static BioStatus run(HardwareQueue queue, BioOp op, CryptoKey key, long page) {
    WaitPoint done = new WaitPoint();
    Bio bio = new Bio(1, ended -> done.signal()).reset(op, SECTOR);
    bio.addSegment(page, BYTES);
    bio.crypt().set(key, DUN);
    queue.submit(bio);
    queue.await(done);
    return bio.status();
  }

  private static byte[] bytes(MemorySegment segment, long offset) {
    return segment.asSlice(offset, BYTES).toArray(ValueLayout.JAVA_BYTE);
  }
}
