"""Aboveboard: a transparency status page from a folder of Markdown.

An hourglass. On the way in, text becomes notices, or problems. The waist is frozen values that know no file and no
clock. On the way out, everything is decided once, for one `now`, and then only printed. In reading order:

    model        the nouns: notices, updates, components; life cycle and severity as tables
    problem      a place and a sentence: the one error that an author sees
    span         half-open stretches of time: union, clip, total
    window       when a maintenance is on, a recurring one counted out

    times        times as people write them
    source       a file as text, its front matter and the line of every key
    shape        what may be typed as a value, and the sentence that anything else earns
    settings     what mkdocs.yml may say about us
    front        what may stand in the front matter
    lines        the lines of a notice's Markdown: fences and headings
    heading      the heading of an update
    post_mortem  the sections of a post-mortem and the promises in them
    parse        from all that to a notice, or to all its problems
    folder       all files together: ids, links and ends that no file can judge alone
    write        the way back: a notice as text

    urls         the only speller of public addresses and of feed ids
    uptime       from notices to lost seconds, under three rules
    candour      what can be measured of our candour
    report       everything that any output may say, decided once
    render       words, drawings, bodies, pages, feeds: they print and decide nothing

    build        the plot: what is read, what is made of it, where it is written
    exchange     a folder that takes another's place, whole or not at all
    plugin       the door to MkDocs
    cli          the command `aboveboard`
    importers    other people's formats, turned into notices
"""

__version__ = "0.1.0"
