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
import java.util.Objects;
import org.h2.mvstore.MVMap;
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
      machine.damageExtents(extents -> changeMasterKey(extents, other));
      machine.fs.addKey(TestMachine.MASTER_KEY);

      assertFails(Errno.EINVAL, () -> machine.read("/secret/file"));
      assertThat(machine.fs.list("/secret")).hasSize(1);
    }
  }

  /** Rewrites the one extent's record. */
  private static void changeMasterKey(MVMap<Long, byte[]> extents, KeyIdentifier other) {
    assertThat(extents).hasSize(1);
    extents.replaceAll((id, record) -> {
      DiskExtent extent = DiskExtent.decode(record);
      ExtentContext context = Objects.requireNonNull(extent.context());
      ExtentContext changed = new ExtentContext(context.contentsMode(), other, context.nonce());
      return new DiskExtent(extent.deviceBlock(), extent.blocks(), 1, changed)
          .encode(ExtentContext.SIZE_BYTES);
    });
  }
}
