package blockdev.fs;

import static blockdev.fs.FsFailures.assertFails;
import static blockdev.fs.TestMachine.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.Errno;
import inlinecrypt.fscrypt.ExtentContext;
import inlinecrypt.fscrypt.FilesystemTraits;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.Keyring;
import inlinecrypt.fscrypt.NonceSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What fscrypt refuses in the middle of a read or of writeback is the filesystem's error. */
final class RefusedExtentTest {
  private final byte[] content = bytes(50_000, 1);
  private boolean refuse;

  @Test
  void writebackThatGetsNoKeyGivesItsBlocksBackAndCanBeTriedAgain() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT);
        Keyring refusing = new Keyring(new FilesystemTraits(true, 4096, 1 << 20))) {
      machine.fs.close();
      NonceSource nonces = NonceSource.secureRandom();
      NonceSource sometimes =
          () -> {
            if (refuse) {
              refusing.add(new byte[0]);
            }
            return nonces.next();
          };
      machine.fs =
          FileSystem.mount(
              machine.simulation.queue(),
              machine.simulation.blkCrypto(),
              new MountOptions(mount -> sometimes, false, false, true));
      machine.makeSecret();
      try (OpenFile file = machine.fs.create("/secret/file")) {
        file.write(0, MemorySegment.ofArray(content));
        long freeBytes = machine.fs.freeBytes();
        refuse = true;
        assertFails(Errno.EINVAL, file::fsync);
        assertThat(machine.fs.freeBytes()).isEqualTo(freeBytes);

        refuse = false;
        file.fsync();
        assertThat(TestMachine.read(file)).isEqualTo(content);
      }
    }
  }

  @Test
  void anExtentOfAnotherMasterKeyIsNotRead() throws IOException {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      machine.makeSecret();
      KeyIdentifier other = machine.fs.addKey(TestMachine.OTHER_KEY);
      machine.write("/secret/file", content);
      machine.fs.close();
      changeMasterKey(machine, other);
      machine.fs =
          FileSystem.mount(
              machine.simulation.queue(), machine.simulation.blkCrypto(), MountOptions.seeded(1));
      machine.fs.addKey(TestMachine.MASTER_KEY);

      assertFails(Errno.EINVAL, () -> machine.read("/secret/file"));
      assertThat(machine.fs.list("/secret")).hasSize(1);
    }
  }

  /** Rewrites the one extent's record. */
  private static void changeMasterKey(TestMachine machine, KeyIdentifier other) throws IOException {
    Superblock superblock =
        Superblock.read(
            machine.medium.segment().asSlice(0, Superblock.BLOCK_BYTES),
            machine.medium.segment().byteSize() / Superblock.BLOCK_BYTES,
            false);
    BioMetadataDevice device =
        new BioMetadataDevice(
            new IoBatch.Pool(machine.simulation.queue()::submitter),
            machine.simulation.queue().memory());
    try (MetadataStore store = MetadataStore.open(device, superblock.metadata())) {
      BlockAllocator allocator =
          new BlockAllocator(superblock.firstDataBlock(), superblock.deviceBlocks());
      Mappings mappings = new Mappings(store, ExtentContext.SIZE_BYTES, allocator);
      long id = theOnlyExtent(mappings);
      DiskExtent extent = mappings.extent(id);
      ExtentContext context = Objects.requireNonNull(extent.context());
      ExtentContext changed = new ExtentContext(context.contentsMode(), other, context.nonce());
      mappings.move(
          id,
          new DiskExtent(extent.deviceBlock(), extent.blocks(), 1, changed),
          new BlockAllocator.Run(extent.deviceBlock(), extent.blocks()));
      store.commit();
    }
  }

  private static long theOnlyExtent(Mappings mappings) {
    List<Long> ids = new ArrayList<>();
    mappings.forEachExtent((id, extent) -> ids.add(id));
    assertThat(ids).hasSize(1);
    return ids.getFirst();
  }
}
