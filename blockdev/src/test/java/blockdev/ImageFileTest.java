package blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.media.FileMedium;
import blockdev.media.Medium;
import blockdev.queue.HardwareQueue;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device on an image file, filled and then only read. */
final class ImageFileTest {
  private static final int BYTES = 64 * 1024;
  private static final int OFFSET = 8 * 4096;
  private static final int DUN = 5;

  @TempDir private Path directory;

  @Test
  void anImageHoldsCiphertextAndIsReadWithoutChangingIt() throws IOException {
    Path file = directory.resolve("disk.img");
    byte[] rawKey = new byte[64];
    byte[] plaintext = new byte[BYTES];
    Random random = new Random(1);
    random.nextBytes(rawKey);
    random.nextBytes(plaintext);
    try (FileMedium medium = FileMedium.create(file, 1 << 20)) {
      transfer(medium, BioOp.WRITE, rawKey, plaintext);
      medium.publish();
    }
    byte[] image = Files.readAllBytes(file);
    assertThat(Arrays.copyOfRange(image, OFFSET, OFFSET + BYTES))
        .isEqualTo(encrypted(rawKey, plaintext));

    byte[] read = new byte[BYTES];
    try (FileMedium medium = FileMedium.openReadOnly(file)) {
      transfer(medium, BioOp.READ, rawKey, read);
    }
    assertThat(read).isEqualTo(plaintext);
    assertThat(Files.readAllBytes(file)).isEqualTo(image);
  }

  /** Moves {@code data} to or from {@link #OFFSET}, through a device of its own. */
  private static void transfer(Medium medium, BioOp op, byte[] rawKey, byte[] data) {
    try (Simulation simulation = new Simulation(SimulationConfig.defaults(), medium);
        CryptoKey key = new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, 4096, 8), rawKey)) {
      HardwareQueue queue = simulation.queue().submitter();
      MemorySegment memory = simulation.queue().memory().segment();
      long page = simulation.queue().memory().allocate(BYTES);
      MemorySegment.copy(data, 0, memory, ValueLayout.JAVA_BYTE, page, BYTES);
      WaitPoint ended = new WaitPoint();
      Bio bio = new Bio(1, whole -> ended.signal()).reset(op, OFFSET / 512);
      bio.addSegment(page, BYTES);
      bio.crypt().set(key, DUN);
      queue.submit(bio);
      queue.await(ended);
      assertThat(bio.status()).isEqualTo(BioStatus.OK);
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, page, data, 0, BYTES);
      WaitPoint evicted = new WaitPoint();
      simulation.queue().keyslots().evict(key, result -> evicted.signal());
      queue.await(evicted);
    }
  }

  private static byte[] encrypted(byte[] rawKey, byte[] plaintext) {
    byte[] ciphertext = new byte[BYTES];
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
          MemorySegment.ofArray(ciphertext),
          0,
          BYTES);
    }
    return ciphertext;
  }
}
