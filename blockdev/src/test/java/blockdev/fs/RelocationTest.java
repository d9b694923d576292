package blockdev.fs;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.fscrypt.KeyIdentifier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where ciphertext does not depend on its place, the address changes, and nothing else. */
final class RelocationTest extends RelocationContract {
  @Override
  TestMachine machine(StrategyKind strategy) {
    return TestMachine.of(strategy);
  }

  @Override
  boolean movesWhatIsUnlinked() {
    return false;
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void ciphertextMovesVerbatimEvenWithoutItsKey(StrategyKind strategy) {
    try (TestMachine machine = machine(strategy)) {
      KeyIdentifier key = machine.makeSecret();
      machine.write("/secret/file", content);
      machine.fs.removeKey(key);
      ExtentView before = machine.fs.extents("/secret/file").getFirst();
      byte[] ciphertext = machine.mediumBlock(before.deviceBlock() + 100);
      assertThat(machine.fs.relocate(before.extentId())).isTrue();
      ExtentView after = machine.fs.extents("/secret/file").getFirst();

      assertThat(after.deviceBlock()).isNotEqualTo(before.deviceBlock());
      assertThat(machine.mediumBlock(after.deviceBlock() + 100)).isEqualTo(ciphertext);
      assertThat(after)
          .isEqualTo(
              new ExtentView(
                  before.fileBlock(),
                  before.blocks(),
                  after.deviceBlock(),
                  before.extentId(),
                  before.offsetBlocks(),
                  before.identifier(),
                  before.nonce()));
      machine.remount();
      machine.fs.addKey(TestMachine.MASTER_KEY);
      assertThat(machine.read("/secret/file")).isEqualTo(content);
      machine.assertMediumHolds("/secret/file", content);
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void plainContentsMoveToo(StrategyKind strategy) {
    try (TestMachine machine = machine(strategy)) {
      machine.write("/file", content);
      long before = machine.fs.extents("/file").getFirst().deviceBlock();
      assertThat(machine.fs.relocate(machine.fs.extentIds().getFirst())).isTrue();
      assertThat(machine.fs.extents("/file").getFirst().deviceBlock()).isNotEqualTo(before);
      assertThat(machine.read("/file")).isEqualTo(content);
      machine.assertMediumHolds("/file", content);
    }
  }
}
