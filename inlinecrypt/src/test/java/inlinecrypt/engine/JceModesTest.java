package inlinecrypt.engine;

class JceModesTest extends EngineModesContract {
  @Override
  CipherEngine engine() {
    return CipherEngine.named("jce");
  }
}
