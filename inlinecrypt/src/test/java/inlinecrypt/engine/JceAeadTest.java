package inlinecrypt.engine;

class JceAeadTest extends EngineAeadContract {
  @Override
  CipherEngine engine() {
    return CipherEngine.named("jce");
  }
}
