package inlinecrypt.keyslot;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Answers at once, or when told to; notes each call; accepts one call at a time. */
final class ScriptedDevice implements KeyslotDevice {
  final List<String> calls = new ArrayList<>();
  boolean holdsAnswers;
  Errno nextResult = Errno.OK;
  private final CryptoKey[] names;
  private @Nullable KeyslotCompletion underWay;

  /** Calls are noted with the index of their key in {@code names}. */
  ScriptedDevice(CryptoKey... names) {
    this.names = names;
  }

  @Override
  public void program(int slot, CryptoKey key, KeyslotCompletion done) {
    call("program " + slot + " K" + List.of(names).indexOf(key), done);
  }

  @Override
  public void evict(int slot, CryptoKey key, KeyslotCompletion done) {
    call("evict " + slot + " K" + List.of(names).indexOf(key), done);
  }

  /** Answers the call that is under way. */
  void answer() {
    KeyslotCompletion done = Objects.requireNonNull(underWay);
    underWay = null;
    Errno result = nextResult;
    nextResult = Errno.OK;
    done.done(result);
  }

  private void call(String call, KeyslotCompletion done) {
    assertThat(underWay).as("a call under way when %s came", call).isNull();
    calls.add(call);
    underWay = done;
    if (!holdsAnswers) {
      answer();
    }
  }
}
