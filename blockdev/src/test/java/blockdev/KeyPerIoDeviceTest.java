package blockdev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.media.Medium;
import blockdev.media.MemoryMedium;
import blockdev.media.NullMedium;
import blockdev.memory.HostMemory;
import blockdev.nvme.controller.kpio.KeyPerIoModel;
import blockdev.queue.BlockQueue;
import blockdev.queue.HardwareQueue;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.keyslot.KeyslotCompletion;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Bios with keys to a device with Key Per I/O: from the block layer down to the medium. */
class KeyPerIoDeviceTest {
  private static final int UNIT = 4096;
  private static final int MEDIUM_BYTES = 8 << 20;

  @Test
  void aNamespaceIsAProfileWithAKeyTagForEachSlot() {
    try (Device device = new Device(config(16))) {
      BlockQueue queue = device.simulation.queue();
      assertThat(queue.profile().slotCount()).isEqualTo(16);
      assertThat(queue.profile().dunIsAddress()).isTrue();
      assertThat(queue.profile().dataUnitSizeMask(CryptoMode.AES_256_XTS)).isEqualTo(UNIT);
      assertThat(queue.capacitySectors()).isEqualTo(MEDIUM_BYTES / 8 * 7 / 512);
      BlockQueue plain = device.simulation.plainQueue();
      assertThat(plain.profile().hasModes()).isFalse();
      assertThat(plain.capacitySectors()).isEqualTo(MEDIUM_BYTES / 8 / 512);
    }
  }

  @Test
  void everyByteOfTheMediumIsPredictedFromKeyAndAddress() {
    try (Device device = new Device(config(2));
        CryptoKey a = key(1);
        CryptoKey b = key(2);
        CryptoKey c = key(3)) {
      CryptoKey[] keys = {a, b, c};
      byte[] expected = new byte[MEDIUM_BYTES];
      for (int block = 0; block < 60; block++) { // three keys share two key tags
        CryptoKey key = keys[block % 3];
        byte[] plaintext = new byte[UNIT];
        Arrays.fill(plaintext, (byte) block);
        assertThat(device.write(key, block * 7, plaintext)).isEqualTo(BioStatus.OK);
        byte[] raw = key.exposeSecretBytes().toArray(ValueLayout.JAVA_BYTE);
        System.arraycopy(encrypted(raw, block * 7, plaintext), 0, expected, block * 7 * UNIT, UNIT);
      }
      assertThat(device.medium.segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
      assertThat(device.simulation.queue().keyslots().counters().programs()).isEqualTo(60);
      for (int block = 0; block < 60; block++) {
        assertThat(device.read(keys[block % 3], block * 7)).containsOnly((byte) block);
      }
      device.evict(keys);
    }
  }

  @Test
  void aDataUnitNumberThatIsNotTheAddressIsInvalid() {
    try (Device device = new Device(config(2));
        CryptoKey key = key(1)) {
      assertThat(device.run(BioOp.WRITE, device.queue, key, 5, 4)).isEqualTo(BioStatus.INVAL);
      assertThat(device.run(BioOp.WRITE, device.queue, key, 5, 5)).isEqualTo(BioStatus.OK);
      device.evict(key);
    }
  }

  @Test
  void plainDataGoesToTheOtherNamespaceOnly() {
    try (Device device = new Device(config(2))) {
      assertThat(device.run(BioOp.WRITE, device.queue, null, 5, 0)).isEqualTo(BioStatus.NOTSUPP);
      device.memory.asSlice(device.page, UNIT).fill((byte) 0x5A);
      HardwareQueue plain = device.simulation.plainQueue().submitter();
      assertThat(device.run(BioOp.WRITE, plain, null, 5, 0)).isEqualTo(BioStatus.OK);
      byte[] written = new byte[UNIT];
      Arrays.fill(written, (byte) 0x5A);
      assertThat(device.onMedium(MEDIUM_BYTES / 8 * 7 + 5 * UNIT)).isEqualTo(written);
    }
  }

  @Test
  void aResetKeepsKeysAndNothingIsProgrammedAgain() {
    try (Device device = new Device(config(2));
        CryptoKey key = key(1)) {
      device.write(key, 3, new byte[UNIT]);
      assertThat(device.await(device.simulation::resetController)).isEqualTo(Errno.OK);
      assertThat(device.read(key, 3)).containsOnly(0);
      assertThat(device.simulation.queue().keyslots().counters().programs()).isOne();
      device.evict(key);
    }
  }

  @Test
  void aPowerCycleLosesKeysAndAllAreProgrammedAgain() {
    try (Device device = new Device(config(2));
        CryptoKey a = key(1);
        CryptoKey b = key(2)) {
      device.write(a, 3, new byte[UNIT]);
      device.write(b, 4, new byte[UNIT]);
      assertThat(device.await(device.simulation::powerCycleController)).isEqualTo(Errno.OK);
      assertThat(device.read(a, 3)).containsOnly(0);
      assertThat(device.read(b, 4)).containsOnly(0);
      assertThat(device.simulation.queue().keyslots().counters().hits()).isEqualTo(2);
      device.evict(a, b);
    }
  }

  @Test
  void programmingAKeyTakesTheDeviceItsTime() {
    try (Device device = new Device(config(2));
        CryptoKey key = key(1)) {
      long startNs = device.simulation.time().nowNs();
      device.write(key, 3, new byte[UNIT]);
      long missNs = device.simulation.time().nowNs() - startNs;
      startNs = device.simulation.time().nowNs();
      device.write(key, 3, new byte[UNIT]);
      long hitNs = device.simulation.time().nowNs() - startNs;
      long programNs = config(2).device().timing().keys().programNs();
      assertThat(missNs - hitNs).isEqualTo(programNs);
      device.evict(key);
    }
  }

  @Test
  void aKeyLeavesTheDeviceWhenItIsEvicted() {
    try (Device device = new Device(config(2));
        CryptoKey key = key(1)) {
      device.write(key, 3, new byte[UNIT]);
      device.evict(key);
      assertThat(device.read(key, 3)).as("injected again").containsOnly(0);
      assertThat(device.simulation.queue().keyslots().counters().programs()).isEqualTo(2);
      device.evict(key);
    }
  }

  @Test
  void withoutTimeTheSameBytesAreWritten() {
    byte[][] media = new byte[2][];
    for (int form = 0; form < 2; form++) {
      SimulationConfig config = form == 0 ? config(1) : config(1).withImmediateTime();
      try (Device device = new Device(config);
          CryptoKey a = key(1);
          CryptoKey b = key(2)) {
        for (int block = 0; block < 10; block++) {
          device.write(block % 2 == 0 ? a : b, block, new byte[UNIT]);
        }
        media[form] = device.medium.segment().toArray(ValueLayout.JAVA_BYTE);
        device.evict(a, b);
      }
    }
    assertThat(media[1]).isEqualTo(media[0]);
  }

  @Test
  void withoutBytesTheSameCommandsRunAtTheSameTimes() {
    long[] hashes = new long[2];
    for (int form = 0; form < 2; form++) {
      Medium medium = form == 0 ? new MemoryMedium(MEDIUM_BYTES) : new NullMedium(MEDIUM_BYTES);
      try (Device device = new Device(config(2), medium);
          CryptoKey a = key(1);
          CryptoKey b = key(2);
          CryptoKey c = key(3)) {
        CryptoKey[] keys = {a, b, c};
        for (int block = 0; block < 30; block++) {
          device.run(BioOp.WRITE, device.queue, keys[block % 3], block, block);
        }
        hashes[form] = device.simulation.eventLogHash();
        device.evict(keys);
      }
    }
    assertThat(hashes[1]).isEqualTo(hashes[0]);
  }

  @Test
  void detectionAndPowerCutsExcludeEachOther() {
    SimulationConfig both =
        SimulationConfig.defaults()
            .withDevice(
                DeviceModel.ufs(1).withKeyPerIo(KeyPerIoModel.of(1).detectingIncorrectKeys()))
            .withPowerCuts();
    try (Medium medium = new MemoryMedium(MEDIUM_BYTES)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Simulation(both, medium))
          .withMessageContaining("incorrect keys");
    }
  }

  private static SimulationConfig config(int keyTags) {
    return SimulationConfig.defaults()
        .withDevice(DeviceModel.ufs(1).withKeyPerIo(KeyPerIoModel.of(keyTags)));
  }

  private static CryptoKey key(int number) {
    byte[] raw = new byte[64];
    for (int i = 0; i < 64; i++) {
      raw[i] = (byte) (number * 17 + i);
    }
    return new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, UNIT, 8), raw);
  }

  private static byte[] encrypted(byte[] key, long dataUnit, byte[] plaintext) {
    byte[] ciphertext = plaintext.clone();
    MemorySegment segment = MemorySegment.ofArray(ciphertext);
    try (DataUnitCipher cipher =
        CipherEngine.named("reference")
            .prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(key))) {
      cipher.encrypt(dataUnit, 0, 0, 0, UNIT, segment, 0, segment, 0, UNIT);
    }
    return ciphertext;
  }

  /** A device that is asked one thing at a time. */
  private static final class Device implements AutoCloseable {
    final Medium medium;
    final Simulation simulation;
    final HardwareQueue queue;
    final MemorySegment memory;
    final long page;

    Device(SimulationConfig config) {
      this(config, new MemoryMedium(MEDIUM_BYTES));
    }

    Device(SimulationConfig config, Medium medium) {
      this.medium = medium;
      simulation = new Simulation(config.withHost(config.host().withMemoryBytes(16 << 20)), medium);
      queue = simulation.queue().submitter();
      HostMemory host = simulation.queue().memory();
      memory = host.segment();
      page = host.allocate(UNIT);
    }

    BioStatus write(CryptoKey key, long block, byte[] plaintext) {
      MemorySegment.copy(plaintext, 0, memory, ValueLayout.JAVA_BYTE, page, UNIT);
      return run(BioOp.WRITE, queue, key, block, block);
    }

    byte[] read(CryptoKey key, long block) {
      assertThat(run(BioOp.READ, queue, key, block, block)).isEqualTo(BioStatus.OK);
      return memory.asSlice(page, UNIT).toArray(ValueLayout.JAVA_BYTE);
    }

    BioStatus run(BioOp op, HardwareQueue target, @Nullable CryptoKey key, long block, long dun) {
      WaitPoint done = new WaitPoint();
      Bio bio = new Bio(1, ended -> done.signal()).reset(op, block * UNIT / 512);
      bio.addSegment(page, UNIT);
      if (key != null) {
        bio.crypt().set(key, dun);
      }
      target.submit(bio);
      target.await(done);
      return bio.status();
    }

    void evict(CryptoKey... keys) {
      for (CryptoKey key : keys) {
        assertThat(await(done -> simulation.queue().evict(key, done))).isEqualTo(Errno.OK);
      }
    }

    Errno await(Consumer<KeyslotCompletion> call) {
      WaitPoint over = new WaitPoint();
      Errno[] told = {Errno.EIO};
      call.accept(result -> {
        told[0] = result;
        over.signal();
      });
      queue.await(over);
      return told[0];
    }

    byte[] onMedium(long at) {
      return medium.segment().asSlice(at, UNIT).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public void close() {
      simulation.close();
      medium.close();
    }
  }
}
