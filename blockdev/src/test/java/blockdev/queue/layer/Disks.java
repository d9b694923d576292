package blockdev.queue.layer;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.DeviceModel;
import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.media.MemoryMedium;
import blockdev.queue.BioSubmitter;
import blockdev.queue.BlockDevice;
import blockdev.queue.BlockQueue;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Devices of one simulation for layers to lie on, and the media below them. */
final class Disks implements AutoCloseable {
  static final DeviceModel SMALL_BLOCKS = DeviceModel.ufs(4).withLogicalBlockBytes(512);

  final Simulation simulation;
  private final List<MemoryMedium> media = new ArrayList<>();
  private final List<BlockQueue> devices = new ArrayList<>();

  Disks(SimulationConfig config, long bytesEach, DeviceModel... models) {
    MemoryMedium first = new MemoryMedium(bytesEach);
    media.add(first);
    simulation = new Simulation(config.withDevice(models[0]), first);
    devices.add(simulation.queue());
    for (DeviceModel model : Arrays.asList(models).subList(1, models.length)) {
      MemoryMedium medium = new MemoryMedium(bytesEach);
      media.add(medium);
      devices.add(simulation.attach(model, medium));
    }
  }

  /** That many devices of 1 MiB with blocks of 512 bytes. */
  static Disks of(int count) {
    DeviceModel[] models = new DeviceModel[count];
    Arrays.fill(models, SMALL_BLOCKS);
    return new Disks(SimulationConfig.defaults(), 1 << 20, models);
  }

  BlockQueue device(int index) {
    return devices.get(index);
  }

  List<BlockQueue> devices() {
    return devices;
  }

  MappedDevice mapped(MappingTable table) {
    return new MappedDevice(simulation.blkCrypto(), table);
  }

  MappedDevice mapped(Target... targets) {
    return mapped(new MappingTable(targets));
  }

  byte[] onMedium(int index, long sector, int bytes) {
    return media.get(index).segment().asSlice(sector * 512, bytes).toArray(ValueLayout.JAVA_BYTE);
  }

  /** Puts bytes on a medium, past its device. */
  void putOnMedium(int index, long sector, byte[] bytes) {
    media
        .get(index)
        .segment()
        .asSlice(sector * 512, bytes.length)
        .copyFrom(MemorySegment.ofArray(bytes));
  }

  BioStatus write(BlockDevice device, long sector, byte[] data) {
    return write(device, sector, data, null, 0);
  }

  BioStatus write(BlockDevice device, long sector, byte[] data, @Nullable CryptoKey key, long dun) {
    return transfer(device.submitter(), BioOp.WRITE, sector, data, key, dun);
  }

  BioStatus writeThroughBlkCrypto(
      BlockDevice device, long sector, byte[] data, CryptoKey key, long dun) {
    return transfer(simulation.blkCrypto().submitter(device), BioOp.WRITE, sector, data, key, dun);
  }

  Errno evictThroughBlkCrypto(BlockDevice device, CryptoKey key) {
    WaitPoint done = new WaitPoint();
    Errno[] told = new Errno[1];
    simulation
        .blkCrypto()
        .evict(
            device,
            key,
            result -> {
              told[0] = result;
              done.signal();
            });
    device.submitter().await(done);
    return told[0];
  }

  byte[] read(BlockDevice device, long sector, int bytes) {
    return read(device, sector, bytes, null, 0);
  }

  byte[] read(BlockDevice device, long sector, int bytes, @Nullable CryptoKey key, long dun) {
    byte[] data = new byte[bytes];
    assertThat(transfer(device.submitter(), BioOp.READ, sector, data, key, dun))
        .isEqualTo(BioStatus.OK);
    return data;
  }

  private BioStatus transfer(
      BioSubmitter submitter,
      BioOp op,
      long sector,
      byte[] data,
      @Nullable CryptoKey key,
      long dun) {
    MemorySegment memory = simulation.queue().memory().segment();
    long page = simulation.queue().memory().allocate(data.length);
    MemorySegment.copy(data, 0, memory, ValueLayout.JAVA_BYTE, page, data.length);
    WaitPoint done = new WaitPoint();
    Bio bio = new Bio(1, ended -> done.signal()).reset(op, sector);
    bio.addSegment(page, data.length);
    if (key != null) {
      bio.crypt().set(key, dun);
    }
    run(submitter, bio, done);
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, page, data, 0, data.length);
    simulation.queue().memory().free(page, data.length);
    return bio.status();
  }

  BioStatus flush(BlockDevice device) {
    WaitPoint done = new WaitPoint();
    Bio bio = new Bio(0, ended -> done.signal()).reset(BioOp.FLUSH, 0);
    run(device.submitter(), bio, done);
    return bio.status();
  }

  private static void run(BioSubmitter submitter, Bio bio, WaitPoint done) {
    submitter.submit(bio);
    submitter.await(done);
  }

  static Errno evict(BlockDevice device, CryptoKey key) {
    WaitPoint done = new WaitPoint();
    Errno[] told = new Errno[1];
    device.evict(
        key,
        result -> {
          told[0] = result;
          done.signal();
        });
    device.submitter().await(done);
    return told[0];
  }

  static byte[] bytes(int count, long seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static byte[] rawKey(int number) {
    byte[] raw = bytes(64, number);
    raw[0] = (byte) number;
    return raw;
  }

  static CryptoKey key(int number, int dataUnitSizeBytes) {
    return new CryptoKey(
        new CryptoConfig(CryptoMode.AES_256_XTS, dataUnitSizeBytes, 8), rawKey(number));
  }

  /** What {@link #key} makes of {@code plaintext}, by the definitions. */
  static byte[] encrypt(byte[] rawKey, int dataUnitSizeBytes, long dun, byte[] plaintext) {
    byte[] ciphertext = new byte[plaintext.length];
    try (DataUnitCipher cipher =
        CipherEngine.named("reference")
            .prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(rawKey))) {
      cipher.encrypt(
          dun,
          0,
          0,
          0,
          dataUnitSizeBytes,
          MemorySegment.ofArray(plaintext),
          0,
          MemorySegment.ofArray(ciphertext),
          0,
          plaintext.length);
    }
    return ciphertext;
  }

  @Override
  public void close() {
    simulation.close();
    media.forEach(MemoryMedium::close);
  }
}
