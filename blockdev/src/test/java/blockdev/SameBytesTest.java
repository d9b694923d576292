package blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.media.MemoryMedium;
import blockdev.memory.HostMemory;
import blockdev.queue.BioSubmitter;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.keyslot.CryptoProfile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same bios, encrypted by the device and by the fallback, leave the same medium. */
class SameBytesTest {
  private static final int MEDIUM_BYTES = 1 << 20;
  private static final int RUN_BYTES = HostMemory.MAX_RUN_BYTES;
  private static final int KEYS = 5;
  private static final int WRITES = 60;

  @ParameterizedTest(name = "{0}, units of {1}")
  @CsvSource({
    "AES_256_XTS, 512",
    "AES_256_XTS, 4096",
    "AES_128_CBC_ESSIV, 512",
    "AES_128_CBC_ESSIV, 4096",
    "ADIANTUM, 512",
    "ADIANTUM, 4096",
    "SM4_XTS, 512",
    "SM4_XTS, 4096",
  })
  void deviceAndFallbackLeaveTheSameBytesAndReadEachOthers(CryptoMode mode, int unitBytes) {
    CryptoConfig config = new CryptoConfig(mode, unitBytes, 16);
    CryptoProfile capable = new CryptoProfile(2, 16, Map.of(mode, 512 | 4096));
    try (MemoryMedium byDevice = new MemoryMedium(MEDIUM_BYTES);
        MemoryMedium byFallback = new MemoryMedium(MEDIUM_BYTES)) {
      try (Machine device = new Machine(capable, config, byDevice);
          Machine software = new Machine(CryptoProfile.none(), config, byFallback)) {
        device.writeAtRandom();
        software.writeAtRandom();
        assertThat(device.encryptedBios()).isZero();
        assertThat(software.encryptedBios()).isEqualTo(WRITES);
      }
      assertThat(byFallback.segment().mismatch(byDevice.segment())).isEqualTo(-1);
      try (Machine device = new Machine(capable, config, byFallback);
          Machine software = new Machine(CryptoProfile.none(), config, byDevice)) {
        byte[] read = device.readAll();
        assertThat(read).isNotEqualTo(byDevice.segment().toArray(ValueLayout.JAVA_BYTE));
        assertThat(software.readAll()).isEqualTo(read);
      }
    }
  }

  /** Does one bio after the other, from one run of memory. */
  private static final class Machine implements AutoCloseable {
    private final Simulation simulation;
    private final int unitBytes;
    private final BioSubmitter submitter;
    private final MemorySegment memory;
    private final long run;
    private final CryptoKey[] keys = new CryptoKey[KEYS];
    private final WaitPoint ended = new WaitPoint();
    private final Bio bio = new Bio(1, done -> ended.signal());

    Machine(CryptoProfile profile, CryptoConfig config, MemoryMedium medium) {
      simulation =
          new Simulation(
              SimulationConfig.defaults()
                  .withEngine(CipherEngine.fastest(config.mode()))
                  .withDevice(DeviceModel.ufs(1).withLogicalBlockBytes(512).withProfile(profile)),
              medium);
      unitBytes = config.dataUnitSizeBytes();
      submitter = simulation.blkCrypto().submitter(simulation.queue());
      memory = simulation.queue().memory().segment();
      run = simulation.queue().memory().allocate(RUN_BYTES);
      Random random = new Random(1);
      for (int i = 0; i < KEYS; i++) {
        byte[] raw = new byte[config.mode().keyBytes()];
        random.nextBytes(raw);
        keys[i] = new CryptoKey(config, raw);
        assertThat(simulation.blkCrypto().startUsing(simulation.queue(), keys[i]))
            .isEqualTo(Errno.OK);
      }
    }

    long encryptedBios() {
      return Objects.requireNonNull(simulation.blkCrypto().fallback()).counters().encryptedBios();
    }

    void writeAtRandom() {
      Random random = new Random(2);
      for (int i = 0; i < WRITES; i++) {
        byte[] content = new byte[(1 + random.nextInt(RUN_BYTES / unitBytes)) * unitBytes];
        random.nextBytes(content);
        MemorySegment.copy(content, 0, memory, ValueLayout.JAVA_BYTE, run, content.length);
        bio.reset(BioOp.WRITE, random.nextInt((MEDIUM_BYTES - content.length) / 512 + 1));
        bio.addSegment(run, content.length);
        long dun0 = random.nextBoolean() ? -1 : random.nextLong();
        bio.crypt().set(keys[random.nextInt(KEYS)], dun0, random.nextLong(), 0, 0);
        submitAndWait();
      }
    }

    byte[] readAll() {
      byte[] all = new byte[MEDIUM_BYTES];
      for (int at = 0; at < MEDIUM_BYTES; at += RUN_BYTES) {
        bio.reset(BioOp.READ, at / 512).addSegment(run, RUN_BYTES);
        bio.crypt().set(keys[at / RUN_BYTES % KEYS], at);
        submitAndWait();
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, run, all, at, RUN_BYTES);
      }
      return all;
    }

    private void submitAndWait() {
      ended.reset();
      submitter.submit(bio);
      submitter.await(ended);
      assertThat(bio.status()).isEqualTo(BioStatus.OK);
    }

    @Override
    public void close() {
      simulation.close();
    }
  }
}
