package blockdev.fs;

import static blockdev.fs.Superblock.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.media.MemoryMedium;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.fscrypt.IndependentDerivation;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.Nonce;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.h2.mvstore.MVMap;

/** A medium, a simulation on it and a mounted filesystem, which can be taken down and up again. */
final class TestMachine implements AutoCloseable {
  static final byte[] MASTER_KEY = bytes(64, 7);
  static final byte[] OTHER_KEY = bytes(32, 8);

  private SimulationConfig config;
  private final MountOptions mount;
  final MemoryMedium medium;
  Simulation simulation;
  FileSystem fs;

  /** A new filesystem on a new medium. */
  TestMachine(FormatOptions format, long mediumBytes, SimulationConfig config) {
    this.config = config;
    mount = MountOptions.seeded(1);
    medium = new MemoryMedium(mediumBytes);
    simulation = new Simulation(config, medium);
    FileSystem.format(volume(), format);
    fs = FileSystem.mount(volume(), simulation.blkCrypto(), mount);
  }

  /** A filesystem that was found on a medium with these bytes. */
  TestMachine(byte[] mediumBytes) {
    config = SimulationConfig.defaults();
    mount = MountOptions.seeded(1);
    medium = new MemoryMedium(mediumBytes.length);
    medium.segment().copyFrom(MemorySegment.ofArray(mediumBytes));
    simulation = new Simulation(config, medium);
    fs = FileSystem.mount(volume(), simulation.blkCrypto(), mount);
  }

  static TestMachine of(StrategyKind strategy) {
    return new TestMachine(FormatOptions.of(strategy), 16 << 20, SimulationConfig.defaults());
  }

  private Volume volume() {
    return new Volume(simulation.queue(), simulation.plainQueue());
  }

  /** Makes the encrypted directory /secret under {@link #MASTER_KEY}. */
  KeyIdentifier makeSecret() {
    KeyIdentifier key = fs.addKey(MASTER_KEY);
    fs.makeDirectory("/secret");
    fs.setPolicy("/secret", key);
    return key;
  }

  /** On another device. */
  void remount(SimulationConfig other) {
    config = other;
    remount();
  }

  void remount() {
    fs.close();
    simulation.close();
    simulation = new Simulation(config, medium);
    fs = FileSystem.mount(volume(), simulation.blkCrypto(), mount);
  }

  /** Damages the records of extents while the filesystem is not mounted. */
  void damageExtents(Consumer<MVMap<Long, byte[]>> damage) throws IOException {
    int recordBytes = DiskExtent.BYTES_WITHOUT_CONTEXT + fs.extentContextBytes();
    fs.close();
    IoBatch.Pool io = new IoBatch.Pool(simulation.queue()::submitter);
    MetadataRegion region = Superblock.read(volume(), io).metadata();
    BioMetadataDevice device = new BioMetadataDevice(io, simulation.queue().memory());
    try (MetadataStore store = MetadataStore.open(device, region)) {
      damage.accept(store.map("extents", LongKeyType.INSTANCE, recordBytes));
      store.commit();
    }
    fs = FileSystem.mount(volume(), simulation.blkCrypto(), mount);
  }

  byte[] mediumBytes() {
    return medium.segment().toArray(ValueLayout.JAVA_BYTE);
  }

  byte[] mediumBlock(long deviceBlock) {
    return medium
        .segment()
        .asSlice(deviceBlock * BLOCK_BYTES, BLOCK_BYTES)
        .toArray(ValueLayout.JAVA_BYTE);
  }

  void write(String path, byte[] content) {
    try (OpenFile file = fs.create(path)) {
      file.write(0, MemorySegment.ofArray(content));
      file.fsync();
    }
  }

  void overwrite(String path, long offset, byte[] content) {
    try (OpenFile file = fs.open(path)) {
      file.write(offset, MemorySegment.ofArray(content));
      file.fsync();
    }
  }

  byte[] read(String path) {
    try (OpenFile file = fs.open(path)) {
      return read(file);
    }
  }

  static byte[] read(OpenFile file) {
    byte[] content = new byte[(int) file.sizeBytes()];
    assertThat(file.read(0, MemorySegment.ofArray(content))).isEqualTo(content.length);
    return content;
  }

  static byte[] bytes(int count, long seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /**
   * Compares every mapped block of a file on the medium with what master key, nonce and position
   * say, by a derivation and a cipher that the filesystem does not use.
   *
   * @return blocks that were compared
   */
  int assertMediumHolds(String path, byte[] content) {
    int compared = 0;
    for (ExtentView run : fs.extents(path)) {
      int bytes = run.blocks() * BLOCK_BYTES;
      int from = Math.toIntExact(run.fileBlock() * BLOCK_BYTES);
      byte[] expected = new byte[bytes];
      System.arraycopy(content, from, expected, 0, Math.min(bytes, content.length - from));
      Nonce nonce = run.nonce();
      if (nonce != null) {
        encrypt(nonce, firstDataUnit(run), expected);
      }
      byte[] found =
          medium
              .segment()
              .asSlice(run.deviceBlock() * BLOCK_BYTES, bytes)
              .toArray(ValueLayout.JAVA_BYTE);
      if (!Arrays.equals(found, expected)) {
        throw new AssertionError(
            "block %d of %s differs on the medium"
                .formatted(run.fileBlock() + Arrays.mismatch(found, expected) / BLOCK_BYTES, path));
      }
      compared += run.blocks();
    }
    return compared;
  }

  private long firstDataUnit(ExtentView run) {
    if (simulation.queue().profile().dunIsAddress()) {
      return run.deviceBlock();
    }
    return fs.strategy() == StrategyKind.LIGHTWEIGHT ? run.offsetBlocks() : run.fileBlock();
  }

  private void encrypt(Nonce nonce, long firstDataUnit, byte[] data) {
    MemorySegment segment = MemorySegment.ofArray(data);
    try (DataUnitCipher cipher =
        CipherEngine.named("reference")
            .prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(contentsKey(nonce)))) {
      cipher.encrypt(firstDataUnit, 0, 0, 0, BLOCK_BYTES, segment, 0, segment, 0, data.length);
    }
  }

  /** The raw key of everything that is encrypted with {@code nonce} under the master key. */
  byte[] contentsKey(Nonce nonce) {
    byte[] info = new byte[Nonce.SIZE_BYTES];
    nonce.write(info, 0);
    int context = fs.strategy() == StrategyKind.LIGHTWEIGHT ? 9 : 2;
    return IndependentDerivation.derive(MASTER_KEY, context, info, 64);
  }

  @Override
  public void close() {
    simulation.close();
    medium.close();
  }
}
