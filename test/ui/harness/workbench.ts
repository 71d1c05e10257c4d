/** A window of a real VS Code with the extension in it, driven as a person would. */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { BrowserContext, Frame, Locator, Page } from 'playwright-core';
import { windowAddress } from '../../../scripts/host/address.mjs';
import { out, root } from '../../../scripts/lib/paths.mjs';
import { makeScratch, removeScratch } from '../../../scripts/lib/scratch.mjs';
import { getShared, resetSettings, settingsText } from './shared';
import { spotOf } from './text';

export type Theme = 'dark' | 'light' | 'high-contrast-dark' | 'high-contrast-light';

/**
 * The default themes of VS Code: by setting, by the name in the picker, and by the file whose name the workbench carries as a
 * class while the theme is on.
 */
const themes: Record<Theme, { id: string; label: string; file: string }> = {
  dark: { id: 'Dark 2026', label: 'Dark 2026', file: '2026-dark' },
  light: { id: 'Light 2026', label: 'Light 2026', file: '2026-light' },
  'high-contrast-dark': { id: 'Default High Contrast', label: 'Dark High Contrast', file: 'hc_black' },
  'high-contrast-light': {
    id: 'Default High Contrast Light',
    label: 'Light High Contrast',
    file: 'hc_light',
  },
};

export interface WorkbenchOptions {
  /** The folder to open a copy of, relative to the repository; `examples` by default. */
  readonly folder?: string;
  /** Files to add to the copy: path → content. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Called with the copy, to make more of it, before the window opens. */
  readonly prepare?: (folder: string) => void;
  /** User settings on top of the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly theme?: Theme;
  /** Display language, such as `zh-cn`; the workbench itself stays English, what the extension says follows. */
  readonly language?: string;
  readonly size?: { readonly width: number; readonly height: number };
}

/** How long a window may take for what a user sees at once; generous, for machines that are busy with other things. */
const actionTimeoutMs = 15_000;

/** How long a list of the palette goes on changing after its first answer. */
const listSettlesMs = 300;

/** Windows not closed yet, for pictures of failures. */
export const openWindows = new Set<Workbench>();

export class Workbench {
  private constructor(
    readonly page: Page,
    /** The copy of the folder that this window works on. */
    readonly folder: string,
    private readonly context: BrowserContext,
    private settings: Readonly<Record<string, unknown>>,
    private theme: Theme,
  ) {}

  /** Opens a window on a copy of a folder and waits until it can be used. */
  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    const { server, browser, extension } = await getShared();
    const source = join(root, options.folder ?? 'examples');
    const folder = join(makeScratch('ui'), basename(source));
    await cp(source, folder, { recursive: true });
    for (const [path, content] of Object.entries(options.files ?? {}))
      await writeFile(join(folder, path), content);
    options.prepare?.(folder);
    const theme = options.theme ?? 'dark';
    const settings = { ...options.settings, 'workbench.colorTheme': themes[theme].id };
    await resetSettings(settings);
    const context = await browser.newContext({
      viewport: options.size ?? { width: 1280, height: 800 },
      // A window whose settings arrive late starts in the system's scheme, and keeps it if the theme is the default one.
      colorScheme: theme.includes('light') ? 'light' : 'dark',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(actionTimeoutMs);
    // The tests' compiler names functions through a helper, which code that is sent into the page has to find there.
    await context.addInitScript('globalThis.__name ??= (value) => value;');
    const page = await context.newPage();
    if (options.language) {
      await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(options.language)};`);
    }
    const workbench = new Workbench(page, folder, context, settings, theme);
    openWindows.add(workbench);
    await page.goto(windowAddress(server, { folder, extension }));
    await workbench.ready();
    return workbench;
  }

  /** Closes the window and removes its folder. */
  async close(): Promise<void> {
    openWindows.delete(this);
    await this.context.close();
    removeScratch(dirname(this.folder));
  }

  /** Reloads the window by VS Code's own command, which lets it save its state first. */
  async reload(): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), this.runCommand('Developer: Reload Window')]);
    await this.ready();
  }

  private async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 60_000 });
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
    await this.themeIsOn();
  }

  /** Runs a command by its title in the palette, as in `RNN Lens: Compare Cells`. */
  async runCommand(title: string): Promise<void> {
    await this.quickInput('F1', `>${title}`);
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    const row = rows.filter({ has: this.page.locator('.label-name', { hasText: exactly(title) }) }).first();
    try {
      await row.waitFor({ timeout: 10_000 });
    } catch {
      const offered = await rows.locator('.label-name').allInnerTexts();
      throw new Error(`The palette does not offer “${title}”. It offers: ${offered.join(', ') || 'nothing'}`);
    }
    await row.click();
  }

  /**
   * Opens VS Code's input at the top by a key and types into it. A page that comes or goes meanwhile may take the key, or the
   * focus and with it the input.
   */
  private async quickInput(key: string, text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input[type="text"]');
    for (let attempt = 1; ; attempt++) {
      await this.page.keyboard.press(key);
      try {
        await input.waitFor({ timeout: 3_000 });
        await input.fill(text, { timeout: 2_000 });
        return;
      } catch (error) {
        if (attempt === 5) throw error;
      }
    }
  }

  /** Opens a file of the folder in the active group, with the cursor at a line (from 1) and column. */
  async openFile(path: string, line = 1, column = 1): Promise<void> {
    await this.openEditor(path, line, column);
    await this.page.locator('.editor-group-container.active .view-line').first().waitFor();
  }

  /** Opens a file in whatever editor is for it. */
  async openEditor(path: string, line = 1, column = 1): Promise<void> {
    const tab = this.page.locator(
      `.editor-group-container.active .tab.active[data-resource-name=${JSON.stringify(basename(path))}]`,
    );
    for (let attempt = 1; ; attempt++) {
      await this.pickFile(path, line, column);
      try {
        await tab.waitFor({ timeout: 5_000 });
        break;
      } catch (error) {
        // The list of files moves while it is searched, and another row can come under the mouse.
        if (attempt === 3) throw error;
      }
    }
  }

  private async pickFile(path: string, line: number, column: number): Promise<void> {
    await this.quickInput('Control+P', `${path}:${line}:${column}`);
    const folder = dirname(path);
    let row = this.page.locator('.quick-input-list .monaco-list-row', {
      has: this.page.locator('.label-name', { hasText: exactly(basename(path)) }),
    });
    if (folder !== '.')
      row = row.filter({ has: this.page.locator('.label-description', { hasText: folder }) });
    await row.first().waitFor();
    await this.page.waitForTimeout(listSettlesMs);
    await row.first().click();
  }

  /** Writes a file of the folder behind the editor's back, as another program would. */
  async writeFile(path: string, content: string | Uint8Array): Promise<void> {
    await mkdir(join(this.folder, path, '..'), { recursive: true });
    await writeFile(join(this.folder, path), content);
  }

  /** Rests the mouse on text of the active editor and returns what the hover says. */
  async hoverText(text: string): Promise<string> {
    const hover = this.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content').first();
    const settled = hover.filter({ hasText: /\S/, hasNotText: 'Loading...' });
    const deadline = Date.now() + 20_000;
    for (;;) {
      // Away first, so that a hover of before is gone.
      await this.page.mouse.move(2, 2);
      await hover.waitFor({ state: 'hidden' });
      const { x, y } = await spotOf(this.page, text);
      await this.page.mouse.move(x - 2, y);
      await this.page.mouse.move(x, y, { steps: 3 });
      try {
        await settled.waitFor({ timeout: 3_000 });
        break;
      } catch (error) {
        // A CodeLens that arrives late moves the lines away under the mouse.
        if (Date.now() > deadline) throw error;
      }
    }
    return settled.innerText();
  }

  /** Titles of the CodeLenses in view, from top to bottom; waits for the first. */
  async codeLensTitles(): Promise<string[]> {
    const lenses = this.lenses();
    await lenses.first().waitFor({ timeout: 20_000 });
    return lenses.allInnerTexts();
  }

  /** Clicks the first CodeLens whose title contains `title`. */
  async clickCodeLens(title: string): Promise<void> {
    await this.lenses().filter({ hasText: title }).first().click({ timeout: 20_000 });
  }

  private lenses(): Locator {
    // A lens without a command is plain text in a span; the others are links.
    const active = this.page.locator('.editor-group-container .codelens-decoration');
    return active.locator('> a, > span:not(:has(a)):not(:empty)').filter({ hasNotText: /^\s*\|\s*$/ });
  }

  /** Chooses an entry of the context menu of a row; a menu that has just opened may not take a click yet. */
  async chooseFromMenu(row: Locator, label: string): Promise<void> {
    const menu = this.page.locator('.monaco-menu');
    const entry = menu.locator('.action-label', { hasText: label });
    for (let attempt = 1; ; attempt++) {
      await row.click({ button: 'right' });
      await entry.hover();
      await this.page.waitForTimeout(300);
      await entry.click();
      const gone = await menu.waitFor({ state: 'detached', timeout: 3_000 }).then(
        () => true,
        () => false,
      );
      if (gone) return;
      if (attempt === 5) throw new Error(`The menu does not take “${label}”.`);
      await this.page.keyboard.press('Escape');
    }
  }

  /** The document of the webview in view (the page that the extension wrote); waits for it. */
  async webviewFrame(): Promise<Frame> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      for (const frame of this.page.frames()) {
        if (!frame.url().includes('fake.html')) continue;
        const element = await frame.frameElement().catch(() => undefined);
        if (await element?.isVisible()) return frame;
      }
      if (Date.now() > deadline) throw new Error('No webview is in view.');
      await this.page.waitForTimeout(100);
    }
  }

  /** Messages of the notifications in view. */
  async notifications(): Promise<string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  /** Texts of the status bar. */
  async statusBar(): Promise<string[]> {
    return this.page.locator('.statusbar-item').allInnerTexts();
  }

  /**
   * Changes user settings of the running window, through its editor for settings.json: the server's file watcher
   * misses changes made behind its back.
   */
  async changeSettings(changes: Readonly<Record<string, unknown>>): Promise<void> {
    this.settings = { ...this.settings, ...changes };
    await this.runCommand('Preferences: Open User Settings (JSON)');
    const tab = this.page.locator('.tab.active', { hasText: 'settings.json' });
    await this.page.locator('.monaco-editor.focused[data-uri$="settings.json"]').waitFor();
    await this.page.keyboard.press('Control+A');
    await this.paste(await settingsText(this.settings));
    await tab.and(this.page.locator('.dirty')).waitFor();
    await this.page.keyboard.press('Control+S');
    await tab.and(this.page.locator(':not(.dirty)')).waitFor();
    await this.runCommand('View: Close Editor');
    await tab.waitFor({ state: 'detached' });
  }

  /** Puts text in place of the selection; unlike typing, it is taken as it is, without auto-closed brackets. */
  async paste(text: string): Promise<void> {
    await this.page.evaluate((content) => navigator.clipboard.writeText(content), text);
    await this.page.keyboard.press('Control+V');
  }

  /** Changes the colour theme as a person does, by its picker, and waits until the window shows it. */
  async setTheme(theme: Theme): Promise<void> {
    if (theme === this.theme) return;
    this.theme = theme;
    this.settings = { ...this.settings, 'workbench.colorTheme': themes[theme].id };
    await this.runCommand('Preferences: Color Theme');
    const input = this.page.locator('.quick-input-widget input[type="text"]');
    const row = this.page.locator('.quick-input-list .monaco-list-row', {
      has: this.page.locator('.label-name', { hasText: exactly(themes[theme].label) }),
    });
    await input.fill(themes[theme].label);
    await row.first().click();
    await this.themeIsOn();
  }

  private async themeIsOn(): Promise<void> {
    await this.page.locator(`.monaco-workbench[class*="themes-${themes[this.theme].file}-json"]`).waitFor();
  }

  /** Saves a picture of the window as `out/pictures/<name>.png`; returns its path. */
  async screenshot(name: string): Promise<string> {
    const path = this.picture(name);
    await this.page.screenshot({ path });
    return path;
  }

  /** Where a picture of this name is kept. */
  picture(name: string): string {
    return join(out, 'pictures', `${name}.png`);
  }
}

/** Matches a text that is exactly this one, letters of either case. */
function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`, 'i');
}
